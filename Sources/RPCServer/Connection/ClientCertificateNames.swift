internal import Glibc
internal import NIOCore
internal import NIOSSL

/// Whom a checked client certificate stands for: its URI and DNS names.
///
/// The common name never counts (SECURITY RPC-02).
struct ClientCertificateNames: Sendable {
    private let names: [String]
    /// Seconds since 1970.
    private let expiresAt: Int

    /// No certificate.
    static let none = ClientCertificateNames(names: [], expiresAt: .max)

    private init(names: [String], expiresAt: Int) {
        self.names = names
        self.expiresAt = expiresAt
    }

    /// Reads a certificate that TLS has checked.
    ///
    /// A name that is not plain text makes all of them worthless.
    init(_ certificate: NIOSSLCertificate) {
        var names: [String] = []
        for name in certificate._subjectAlternativeNames() where name.nameType == .dnsName || name.nameType == .uri {
            guard let text = Self.text(Array(name.contents)) else {
                self = .none
                return
            }
            names.append(text)
        }
        self.init(names: names, expiresAt: certificate.notValidAfter)
    }

    /// The names, while the certificate is valid: a connection may live longer than it.
    var current: [String] {
        expiresAt == .max || time(nil) < expiresAt ? names : []
    }

    private static func text(_ bytes: [UInt8]) -> String? {
        bytes.allSatisfy { (0x21...0x7E).contains($0) } ? String(decoding: bytes, as: UTF8.self) : nil
    }
}
