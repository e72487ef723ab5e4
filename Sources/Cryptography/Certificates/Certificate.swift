internal import COpenSSL

/// An X.509 certificate (RFC 5280), read by ourselves for what we ask of it.
///
/// OpenSSL sees one only when a path is checked, after its size and its key were looked at (SECURITY DEP-03).
package struct Certificate: Sendable, Hashable {
    /// The longest that is read, in bytes.
    package static let maximumByteCount = 16_384

    /// An extension: the contents of its OCTET STRING.
    struct Extension: Sendable, Hashable {
        let value: [UInt8]
        let isCritical: Bool
    }

    /// The bytes it was read from.
    package let der: [UInt8]
    /// 3 for a certificate with extensions.
    package let version: Int
    /// Nil for a key of a kind that we check no signatures with.
    package let publicKey: VerificationKey?
    /// The first and the last second, since 1970, at which it is good.
    package let validity: ClosedRange<Int64>

    let subject: [DistinguishedName.Attribute]
    let extensions: [String: Extension]

    /// Reads a certificate with nothing after it.
    ///
    /// - Throws: `.malformed`.
    package init(der: [UInt8]) throws(CryptographyError) {
        guard der.count <= Self.maximumByteCount else { throw Self.malformed }
        var outer = DERReader(der)
        var certificate = try outer.sequence()
        guard outer.isAtEnd else { throw Self.malformed }
        let fields = try CertificateFields(try certificate.sequence())
        _ = try certificate.sequence()
        guard try certificate.next().tag == .universal(3), certificate.isAtEnd else { throw Self.malformed }
        self.der = der
        version = fields.version
        publicKey = try? VerificationKey(subjectPublicKeyInfo: fields.subjectPublicKeyInfo)
        validity = fields.validity
        subject = fields.subject
        extensions = fields.extensions
    }

    /// The certificates of a PEM text (RFC 7468), in their order.
    ///
    /// - Throws: `.malformed` when one cannot be read, or there is none.
    package static func pem(_ text: String) throws(CryptographyError) -> [Certificate] {
        var certificates: [Certificate] = []
        var body: [UInt8]?
        for line in text.utf8.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            if line.elementsEqual("-----BEGIN CERTIFICATE-----".utf8) {
                body = []
            } else if line.elementsEqual("-----END CERTIFICATE-----".utf8) {
                guard let letters = body, let der = PEMBody.decode(letters) else { throw malformed }
                certificates.append(try Certificate(der: der))
                body = nil
            } else {
                body?.append(contentsOf: line)
            }
        }
        guard !certificates.isEmpty, body == nil else { throw malformed }
        return certificates
    }

    static let malformed = CryptographyError(.malformed, "a certificate is malformed")
}

extension Certificate {
    /// The values of one attribute of the subject; `2.5.4.3` is the common name.
    package func subjectValues(_ objectIdentifier: String) -> [String] {
        subject.filter { $0.objectIdentifier == objectIdentifier }.map(\.value)
    }

    /// Whether the subject has no attribute, as TPM makers' certificates have it.
    package var isSubjectEmpty: Bool { subject.isEmpty }

    /// An extension by its object identifier; the contents of its OCTET STRING.
    package func extensionValue(_ objectIdentifier: String) -> (value: [UInt8], isCritical: Bool)? {
        extensions[objectIdentifier].map { ($0.value, $0.isCritical) }
    }

    /// Whether it says anything of being an authority or not.
    package var hasBasicConstraints: Bool { extensions["2.5.29.19"] != nil }

    /// Whether it may sign other certificates (RFC 5280 section 4.2.1.9).
    package var isAuthority: Bool {
        guard let found = extensions["2.5.29.19"] else { return false }
        var reader = DERReader(found.value)
        // Its form was looked at when the certificate was read.
        guard var constraints = try? reader.sequence(), let first = try? constraints.next() else { return false }
        return first.tag == .universal(1) && first.contents == [0xFF]
    }

    /// The object identifiers of the extended key usages; none when the extension is missing or malformed.
    package var extendedKeyUsages: [String] {
        guard let found = extensions["2.5.29.37"] else { return [] }
        var reader = DERReader(found.value)
        guard var usages = try? reader.sequence() else { return [] }
        var identifiers: [String] = []
        while !usages.isAtEnd {
            guard let identifier = try? usages.objectIdentifier() else { return [] }
            identifiers.append(identifier)
        }
        return identifiers
    }

    /// Whether who reads it must understand its alternative names.
    package var isCriticalAlternativeName: Bool { extensions["2.5.29.17"]?.isCritical ?? false }

    /// The attributes of the directory names among the alternative names, as TPM makers write theirs.
    package var alternativeDirectoryAttributes: [(objectIdentifier: String, value: String)] {
        guard let found = extensions["2.5.29.17"] else { return [] }
        var reader = DERReader(found.value)
        guard var names = try? reader.sequence() else { return [] }
        var attributes: [(objectIdentifier: String, value: String)] = []
        while !names.isAtEnd {
            guard let name = try? names.next() else { return [] }
            guard name.tag == .context(4), name.isConstructed else { continue }
            var inner = DERReader(name.contents)
            guard let read = try? DistinguishedName.read(&inner) else { return [] }
            attributes += read.map { ($0.objectIdentifier, $0.value) }
        }
        return attributes
    }
}
