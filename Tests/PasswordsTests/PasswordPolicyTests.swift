import Cryptography
import InternationalNames
import Testing

@testable import Passwords

/// What may be chosen as a password (SECURITY PW-01 to PW-06).
struct PasswordPolicyTests {
    private func policy(
        listed: [String] = ["correct horse battery staple", "sunshine1990", "secret"],
        siteNames: [String] = ["Gatehouse", "id.example.org"]
    ) throws -> PasswordPolicy {
        try #require(PasswordPolicy(blocklists: [Blocklist(passwords: listed)], siteNames: siteNames))
    }

    private func problems(
        _ password: String,
        for use: PasswordPolicy.Use = .alone,
        context: PasswordContext = PasswordContext()
    ) throws -> [PasswordProblem] {
        switch try policy().review(password, for: use, context: context) {
        case .accepted: []
        case .refused(let problems): problems
        }
    }

    /// Fifteen, less one, of letters that repeat nothing.
    private static let letters = Array("zyxwvutsrqponmlkjihgfedcba".unicodeScalars)

    @Test(arguments: ["z", "\u{E9}", "\u{4E2D}", "\u{1F600}"])
    func `Fifteen code points are enough alone, fourteen are not, whatever their bytes`(first: Unicode.Scalar) throws {
        for (count, expected) in [(14, [PasswordProblem.tooShort(minimum: 15)]), (15, [])] {
            let text = String(String.UnicodeScalarView([first] + Self.letters.dropFirst().prefix(count - 1)))
            #expect(try problems(text) == expected)
        }
    }

    @Test func `With a second factor eight code points are enough and seven are not`() throws {
        #expect(try problems("tk4vq9x", for: .withSecondFactor) == [.tooShort(minimum: 8)])
        #expect(try problems("tk4vq9xm", for: .withSecondFactor) == [])
        #expect(try problems("tk4vq9xm", for: .alone) == [.tooShort(minimum: 15)])
    }

    @Test func `Code points are counted, not what looks like one character`() throws {
        // A family of four is one character and seven code points.
        let family = "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}\u{200D}\u{1F466}"
        #expect(try problems(family, for: .withSecondFactor).contains(.tooShort(minimum: 8)))
        #expect(try problems(family + "k", for: .withSecondFactor) == [])
        // Decomposed, these are sixteen; composed, eight.
        let decomposed = "a\u{301}e\u{301}i\u{301}o\u{301}u\u{301}y\u{301}n\u{303}c\u{327}"
        #expect(try problems(decomposed, for: .withSecondFactor) == [])
        #expect(try problems(decomposed, for: .alone) == [.tooShort(minimum: 15)])
    }

    @Test func `Two hundred and fifty-six code points are taken whole and one more is refused`() throws {
        let scalars = (0..<257).compactMap { Unicode.Scalar(0x4E00 + $0 * 7) }
        let longest = String(String.UnicodeScalarView(scalars.prefix(256)))
        guard case .accepted(let password) = try policy().review(longest, for: .alone, context: PasswordContext())
        else {
            Issue.record("the longest password is refused")
            return
        }
        #expect(password.bytes.validatedUTF8String() == longest)
        #expect(try problems(String(String.UnicodeScalarView(scalars))) == [.tooLong(maximum: 256)])
        #expect(try problems(String(repeating: "x", count: 5000)) == [.tooLong(maximum: 256)])
        #expect(try problems("") == [.tooShort(minimum: 15)])
    }

    /// SECURITY PW-03.
    @Test(arguments: [
        "                correct spaces ", "ILIKEONLYCAPITALSANDNOTHINGELSE", "onlysmalllettersandnothingelse",
        "739182640517398", "!#%&/()=?+*-_.:,;<>|", "пароль из русских слов", "密码是由十五个汉字组成的很长很长",
        "🦊🐻🐼🦁🐸🐵🐔🐧🦆🦅🦉🦇🐺🐗🐴", "ｆｕｌｌ　ｗｉｄｔｈ　ｗｏｒｄｓ",
    ])
    func `Nothing is demanded of what a password is composed of`(password: String) throws {
        #expect(try problems(password) == [])
    }

    @Test func `What is accepted is normalised, with the version kept, and not trimmed`() throws {
        let received = "  cafe\u{301}\u{A0}de la paix "
        guard case .accepted(let password) = try policy().review(received, for: .alone, context: PasswordContext())
        else {
            Issue.record("a good password is refused")
            return
        }
        #expect(password.bytes.validatedUTF8String().map { Array($0.utf8) } == Array("  caf\u{E9} de la paix ".utf8))
        #expect(password.normalizationVersion == OpaqueString.version)
        #expect(!"\(password)".contains("paix"))
    }

    @Test func `Characters that cannot be kept apart are refused by name`() throws {
        #expect(try problems("a tab\tin the middle") == [.controlCharacter])
        #expect(try problems("tab\t") == [.tooShort(minimum: 15), .controlCharacter])
        #expect(try problems("an unassigned \u{E0FFF} code point") == [.unassignedCharacter])
    }

    @Test(arguments: [
        "correct horse battery staple", "Correct Horse Battery Staple", "CORRECT\u{A0}HORSE BATTERY STAPLE",
        "sunshine1990sunshine1990", "secretsecretsecret", "SecretsecretSECRETsec", "aaaaaaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabc", "121212121212121212",
    ])
    func `What is listed, or repeats it or next to nothing, is refused`(password: String) throws {
        #expect(try problems(password) == [.blocklisted])
    }

    @Test(arguments: [
        "correct horse battery stapler", "secretive scarecrow", "abcdabce abcdabcf", "sunshine1990sunshine1991",
    ])
    func `A near miss of what is listed is accepted`(password: String) throws {
        #expect(try problems(password) == [])
    }

    @Test func `All that is wrong is said at once`() throws {
        let context = PasswordContext(identifiers: ["secret"], names: ["Secret Agent"])
        #expect(
            try problems("Secret", context: context)
                == [.tooShort(minimum: 15), .blocklisted, .contextWord(.identifier), .contextWord(.name)]
        )
    }

    @Test func `A list that cannot be read refuses with an error, not with a yes`() throws {
        struct Broken: BlocklistKeys {
            let count = 1
            func keys(at places: Range<Int>) throws(BlocklistError) -> [BlocklistKey] {
                throw BlocklistError(.unreadable, "gone")
            }
        }
        let policy = try #require(PasswordPolicy(blocklists: [Blocklist(keys: Broken())], siteNames: []))
        #expect(throws: PasswordReviewError.blocklist(BlocklistError(.unreadable, "gone"))) {
            try policy.review("a perfectly good password", for: .alone, context: PasswordContext())
        }
    }

    @Test func `Lengths that would weaken the policy cannot be set`() {
        for (alone, second, maximum) in [
            (7, 7, 256), (15, 7, 256), (15, 16, 256), (65, 8, 256), (15, 8, 63), (15, 8, 257),
        ] {
            let policy = PasswordPolicy(
                minimumAlone: alone,
                minimumWithSecondFactor: second,
                maximum: maximum,
                blocklists: [],
                siteNames: []
            )
            #expect(policy == nil)
        }
    }
}
