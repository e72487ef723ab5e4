/// A name of X.501, as far as we compare its parts.
enum DistinguishedName {
    struct Attribute: Sendable, Hashable {
        let objectIdentifier: String
        let value: String
    }

    /// Reads a Name (RFC 5280 section 4.1.2.4); of at most 64 attributes.
    static func read(_ reader: inout DERReader) throws(CryptographyError) -> [Attribute] {
        var name = try reader.sequence()
        var attributes: [Attribute] = []
        while !name.isAtEnd {
            var set = try name.set()
            while !set.isAtEnd {
                guard attributes.count < 64 else { throw Certificate.malformed }
                attributes.append(try attribute(&set))
            }
        }
        return attributes
    }

    private static func attribute(_ set: inout DERReader) throws(CryptographyError) -> Attribute {
        var pair = try set.sequence()
        let identifier = try pair.objectIdentifier()
        let element = try pair.next()
        guard pair.isAtEnd, case .universal(let tag) = element.tag, let value = text(element.contents, tag) else {
            throw Certificate.malformed
        }
        return Attribute(objectIdentifier: identifier, value: value)
    }

    private static func text(_ bytes: [UInt8], _ tag: UInt32) -> String? {
        switch tag {
        // UTF8String, NumericString, PrintableString, IA5String, VisibleString; TeletexString as far as it is ASCII.
        case 12, 18, 19, 20, 22, 26: return String(validating: bytes, as: UTF8.self)
        // BMPString.
        case 30:
            guard bytes.count.isMultiple(of: 2) else { return nil }
            let units = stride(from: 0, to: bytes.count, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
            return String(validating: units, as: UTF16.self)
        default: return nil
        }
    }
}
