package import Cryptography

/// Whose signature makes metadata ours to believe.
package struct MetadataTrust: Sendable {
    /// What a path of certificates must end at.
    package let anchors: [Certificate]
    /// The name that the signing certificate must be for.
    package let host: String
    /// Seconds since 1970 at which the certificates must be valid.
    package let time: Int64

    /// - Parameters:
    ///   - anchors: The roots that the administrator configured.
    ///   - host: The name of the service, in ASCII.
    ///   - time: Now, in seconds since 1970.
    package init(anchors: [Certificate], host: String = "mds.fidoalliance.org", time: Int64) {
        self.anchors = anchors
        self.host = host
        self.time = time
    }

    /// Checks who signed: a path to an anchor, from a certificate for the right host.
    func check(_ certificates: [Certificate]) throws(MetadataError) {
        guard let leaf = certificates.first else { throw .malformedCertificates }
        guard leaf.isFor(host: host) else { throw .wrongHost }
        let others = Array(certificates.dropFirst())
        guard CertificatePath.verify(leaf: leaf, intermediates: others, anchors: anchors, at: time) else {
            throw .notTrusted
        }
    }
}

extension Certificate {
    /// Whether this is a host's certificate: by its alternative names, and by its common name only without such.
    ///
    /// Byte by byte but for the case of ASCII letters (RFC 6125 section 6.4.1); a wildcard is no name.
    fileprivate func isFor(host: String) -> Bool {
        let wanted = Self.folded(host.utf8)
        if let found = extensionValue("2.5.29.17") {
            return Self.hostNames(in: found.value).contains { Self.folded($0) == wanted }
        }
        return subjectValues("2.5.4.3").contains { Self.folded($0.utf8) == wanted }
    }

    private static func folded(_ name: some Sequence<UInt8>) -> [UInt8] {
        name.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
    }

    /// The dNSNames of a SubjectAltName (RFC 5280 section 4.2.1.6); none when it cannot be read.
    private static func hostNames(in value: [UInt8]) -> [[UInt8]] {
        var outer = DERReader(value)
        guard var names = try? outer.sequence() else { return [] }
        var hosts: [[UInt8]] = []
        while !names.isAtEnd {
            guard let name = try? names.next() else { return [] }
            if name.tag == .context(2), !name.isConstructed { hosts.append(name.contents) }
        }
        return hosts
    }
}
