import Cryptography
import Testing

/// Certificates of a small authority, made by OpenSSL's own command.
struct CertificateAuthority {
    let openssl: OpenSSLCommand

    init() throws {
        openssl = try OpenSSLCommand()
    }

    /// A root that signed itself.
    func root(_ name: String, digest: String = "sha256") throws -> Certificate {
        try newKey(name)
        try openssl.run("req -x509 -\(digest) -key \(name).key -out \(name) -days 365 -subj /CN=\(name)")
        return try certificate(name)
    }

    /// A certificate that another one signed; of version 1 without extensions.
    func issue(
        _ name: String,
        by issuer: String,
        subject: String? = nil,
        extensions: String? = "basicConstraints=critical,CA:FALSE",
        key: String = "EC -pkeyopt ec_paramgen_curve:P-256",
        digest: String = "sha256",
        days: Int = 365
    ) throws -> Certificate {
        try newKey(name, key)
        try openssl.write(extensions ?? "", to: "extensions")
        try openssl.run("req -new -key \(name).key -out \(name).csr -subj", subject ?? "/CN=\(name)")
        try openssl.run(
            "x509 -req -in \(name).csr -CA \(issuer) -CAkey \(issuer).key -CAcreateserial -\(digest) -days \(days)"
                + (extensions == nil ? "" : " -extfile extensions") + " -out \(name)"
        )
        return try certificate(name)
    }

    func certificate(_ name: String) throws -> Certificate {
        try #require(Certificate.pem(String(decoding: openssl.read(name), as: UTF8.self)).first)
    }

    private func newKey(_ name: String, _ key: String = "EC -pkeyopt ec_paramgen_curve:P-256") throws {
        try openssl.run("genpkey -algorithm \(key) -out \(name).key")
    }
}
