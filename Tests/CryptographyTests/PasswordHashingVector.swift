import Testing

/// A record with the password it was made of, by other programs: the reference code of Argon2, `crypt`, `openssl passwd`,
/// Python's hashlib, and the layouts of ASP.NET Core Identity.
struct PasswordHashingVector: Sendable, CustomTestStringConvertible {
    let text: String
    let password: String

    init(_ text: String, _ password: String = "my password") {
        self.text = text
        self.password = password
    }

    var testDescription: String { String(text.prefix(32)) }

    static let all = [
        // Argon2, and what Django writes before it; version 16 where none is named.
        Self("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "password"),
        Self("$argon2i$m=256,t=2,p=1$c29tZXNhbHQ$/U3YPXYsSb3q9XxHvc0MLxur+GP960kN9j7emXX8zwY", "password"),
        Self("argon2$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "password"),
        // scrypt: PHC and Django.
        Self("$scrypt$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$4NVqftwz0sJgdOK5ETEhI5Snmvj2KS+3k6h0Sx1sIPQ"),
        Self(
            "scrypt$1024$seasalt12345$8$1$bGNY0fbpPawbDw7imJbz9oA3EA3K5gltYFijObh+Ojc4ijqzqeO9Lo4Ubgru"
                + "xZVXVbW1hWxJPEWCBBKhJQD9Ug=="
        ),
        // PBKDF2: passlib, PHC and Django.
        Self("$pbkdf2-sha256$1000$../77/vv../77/vv../77w$mllVZiGMBMNKN5C4IoWq6a4.EJebsYBhXDKRKZzVswE"),
        Self(
            "$pbkdf2-sha512$1000$AAECAwQFBgcICQoLDA0ODw$b/x1o4..5NrL/tkumM9z3jSTGOp21eOx09futmFebe.LTZTqCC"
                + "a.g49l4y/0HaO4Z60yaENxiejV81iK1Nfr3A"
        ),
        Self("$pbkdf2$1000$AAECAwQFBgcICQoLDA0ODw$rpAhDA39MskNvTWLm4IByFWNLHQ"),
        Self("$pbkdf2-sha256$i=1000,l=32$++/77/vv++/77/vv++/77w$mllVZiGMBMNKN5C4IoWq6a4+EJebsYBhXDKRKZzVswE"),
        Self("pbkdf2_sha256$1000$seasalt12345$yzHzkvpIKUP1X4+PXIngjCdVWUBKAGbq9BQ92YNZd6E="),
        Self("pbkdf2_sha1$1000$seasalt12345$bxkUhPXRmp1iEm/M/2v826E/LlQ="),
        // bcrypt: crypt_blowfish's own, later revisions, Django.
        Self("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "U*U"),
        Self("$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK", "U*U*"),
        Self("$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy", ""),
        Self("$2b$04$abcdefghijklmnopqrstuuR/sMB5BEXmOMYfypgggoVc1NiqGSQrS"),
        Self("$2y$04$abcdefghijklmnopqrstuuR/sMB5BEXmOMYfypgggoVc1NiqGSQrS"),
        Self("bcrypt$$2b$04$abcdefghijklmnopqrstuuR/sMB5BEXmOMYfypgggoVc1NiqGSQrS"),
        Self("bcrypt_sha256$$2b$04$abcdefghijklmnopqrstuu01IVSEJcVsMpaI5ZV5sCi8y7w16eqPu"),
        // SHA-crypt.
        Self("$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5", "Hello world!"),
        Self(
            "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoE"
                + "OfaS35inz1",
            "Hello world!"
        ),
        Self(
            "$6$rounds=1000$saltstring$infgQ.rmABnzJFKdXXZ5QTVLu.z0w/TVfdihAX//9ANwjaivFNKasZ.sQpGw29r/"
                + "EYCrt1ybdW.yHTx61/njb0"
        ),
        // ASP.NET Core Identity.
        Self("AAABAgMEBQYHCAkKCwwNDg+ukCEMDf0yyQ29NYubggHIVY0sdEUfdyeM+E1LtH1uJg=="),
        Self("AQAAAAAAAABkAAAAEAABAgMEBQYHCAkKCwwNDg8Tv8gUy7hd7AO9qxp9VQdiauyNTdNOSluWZAoYrdUEdg=="),
        Self("AQAAAAEAACcQAAAAEAABAgMEBQYHCAkKCwwNDg+yWU7rLgUwPZb1Itsmra7cbxw2EFpwpVFIEtP+JIuUEw=="),
        Self("AQAAAAIAAYagAAAAEAABAgMEBQYHCAkKCwwNDg/Q8A0WMKbtHQJQ2DHCdoEeeFBrgNlldq6vH4qX/CGqGQ=="),
    ]
}
