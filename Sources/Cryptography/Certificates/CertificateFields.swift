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
        while !reader.isAtEnd {
            let rest = try reader.next()
            if rest.tag == .context(3), rest.isConstructed { extensions = try Self.extensions(rest.contents) }
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
        return found
    }
}
