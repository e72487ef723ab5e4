/// The TBSCertificate of RFC 5280 section 4.1, in its order.
struct CertificateFields {
    private(set) var version = 1
    private(set) var subject: [DistinguishedName.Attribute] = []
    private(set) var subjectPublicKeyInfo: [UInt8] = []
    private(set) var validity: ClosedRange<Int64> = 0...0
    private(set) var extensions: [String: Certificate.Extension] = [:]

    private static let maximumExtensions = 64

    init(_ reader: DERReader) throws(CryptographyError) {
        var reader = reader
        var element = try reader.next()
        if element.tag == .context(0), element.isConstructed {
            var inner = DERReader(element.contents)
            let number = try inner.integer()
            guard (0...2).contains(number), inner.isAtEnd else { throw Certificate.malformed }
            version = Int(number) + 1
            element = try reader.next()
        }
        guard element.tag == .universal(2), element.contents.count <= 32 else { throw Certificate.malformed }
        _ = try reader.sequence()
        _ = try DistinguishedName.read(&reader)
        validity = try CertificateTime.validity(try reader.sequence())
        subject = try DistinguishedName.read(&reader)
        subjectPublicKeyInfo = try Self.encoded(reader.next())
        try readOptionalFields(&reader)
    }

    /// Two unique identifiers, which nobody uses, and the extensions: each at most once, in this order, and only in the
    /// versions that have them (RFC 5280 sections 4.1.2.8 and 4.1.2.9).
    private mutating func readOptionalFields(_ reader: inout DERReader) throws(CryptographyError) {
        var last: UInt32 = 0
        while !reader.isAtEnd {
            let element = try reader.next()
            guard case .context(let number) = element.tag, number > last, number <= 3 else {
                throw Certificate.malformed
            }
            guard version >= (number == 3 ? 3 : 2) else { throw Certificate.malformed }
            if number == 3 {
                guard element.isConstructed else { throw Certificate.malformed }
                extensions = try Self.extensions(element.contents)
            }
            last = number
        }
    }

    /// The element with its tag and length, which in DER can be only this.
    private static func encoded(_ element: DERReader.Element) throws(CryptographyError) -> [UInt8] {
        guard element.tag == .universal(16), element.isConstructed else { throw Certificate.malformed }
        let count = element.contents.count
        let length: [UInt8] =
            switch count {
            case 0..<0x80: [UInt8(count)]
            case 0x80..<0x100: [0x81, UInt8(count)]
            default: [0x82, UInt8(truncatingIfNeeded: count >> 8), UInt8(truncatingIfNeeded: count)]
            }
        return [0x30] + length + element.contents
    }

    /// SEQUENCE of a BOOLEAN and an INTEGER, both optional (RFC 5280 section 4.2.1.9).
    ///
    /// A BOOLEAN of another form would be an authority to OpenSSL and none to us. A written FALSE is no DER, but common.
    private static func checkBasicConstraints(_ value: [UInt8]) throws(CryptographyError) {
        var outer = DERReader(value)
        var constraints = try outer.sequence()
        guard outer.isAtEnd else { throw Certificate.malformed }
        if constraints.isAtEnd { return }
        let first = try constraints.next()
        if first.tag == .universal(1) {
            guard first.contents == [0xFF] || first.contents == [0], !first.isConstructed else {
                throw Certificate.malformed
            }
            if constraints.isAtEnd { return }
            guard try constraints.integer() >= 0 else { throw Certificate.malformed }
        } else {
            guard first.tag == .universal(2) else { throw Certificate.malformed }
        }
        guard constraints.isAtEnd else { throw Certificate.malformed }
    }

    private static func extensions(_ bytes: [UInt8]) throws(CryptographyError) -> [String: Certificate.Extension] {
        var outer = DERReader(bytes)
        var list = try outer.sequence()
        guard outer.isAtEnd else { throw Certificate.malformed }
        var found: [String: Certificate.Extension] = [:]
        while !list.isAtEnd {
            var entry = try list.sequence()
            let identifier = try entry.objectIdentifier()
            var element = try entry.next()
            var isCritical = false
            if element.tag == .universal(1) {
                guard element.contents == [0xFF] else { throw Certificate.malformed }
                isCritical = true
                element = try entry.next()
            }
            guard element.tag == .universal(4), entry.isAtEnd, found[identifier] == nil,
                found.count < maximumExtensions
            else { throw Certificate.malformed }
            found[identifier] = Certificate.Extension(value: element.contents, isCritical: isCritical)
        }
        if let constraints = found["2.5.29.19"] { try checkBasicConstraints(constraints.value) }
        return found
    }
}
