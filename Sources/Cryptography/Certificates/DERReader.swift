/// Reads DER (X.690 section 10) of certificates, strictly and by position.
package struct DERReader {
    /// One element: what it is, and the bytes in it.
    package struct Element: Sendable, Hashable {
        package let tag: Tag
        package let isConstructed: Bool
        package let contents: [UInt8]
    }

    /// A tag's class and number.
    package enum Tag: Sendable, Hashable {
        case universal(UInt32)
        case context(UInt32)
        /// Application or private; nothing we read has one.
        case foreign(UInt32)
    }

    private static let malformed = CryptographyError(.malformed, "a certificate's encoding is not DER")

    private let bytes: [UInt8]
    private var position = 0

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    package var isAtEnd: Bool { position == bytes.count }

    /// The next element, whatever it is.
    package mutating func next() throws(CryptographyError) -> Element {
        let head = try byte()
        let number = head & 0x1F == 0x1F ? try longTagNumber() : UInt32(head & 0x1F)
        let tag: Tag =
            switch head >> 6 {
            case 0: .universal(number)
            case 2: .context(number)
            default: .foreign(number)
            }
        let count = try length()
        guard count <= bytes.count - position else { throw Self.malformed }
        defer { position += count }
        let contents = Array(bytes[position..<position + count])
        return Element(tag: tag, isConstructed: head & 0x20 != 0, contents: contents)
    }

    /// The OBJECT IDENTIFIER that comes next, as numbers with dots; of at most 64 bytes.
    package mutating func objectIdentifier() throws(CryptographyError) -> String {
        let contents = try contents(of: 6, isConstructed: false)
        guard contents.count <= 64, let last = contents.last, last & 0x80 == 0 else { throw Self.malformed }
        var arcs: [UInt64] = []
        var arc: UInt64 = 0
        for byte in contents {
            guard arc < 1 << 56, arc != 0 || byte != 0x80 else { throw Self.malformed }
            arc = arc << 7 | UInt64(byte & 0x7F)
            if byte & 0x80 == 0 {
                arcs.append(arc)
                arc = 0
            }
        }
        let first = min(arcs[0] / 40, 2)
        return ([first, arcs[0] - first * 40] + arcs.dropFirst()).map(String.init).joined(separator: ".")
    }

    /// The elements of the SEQUENCE that comes next.
    package mutating func sequence() throws(CryptographyError) -> DERReader {
        DERReader(try contents(of: 16, isConstructed: true))
    }

    /// The OCTET STRING that comes next.
    package mutating func octetString() throws(CryptographyError) -> [UInt8] {
        try contents(of: 4, isConstructed: false)
    }

    /// The elements of the SET that comes next.
    package mutating func set() throws(CryptographyError) -> DERReader {
        DERReader(try contents(of: 17, isConstructed: true))
    }

    /// The INTEGER that comes next.
    package mutating func integer() throws(CryptographyError) -> Int64 {
        try number(2)
    }

    /// The ENUMERATED that comes next.
    package mutating func enumerated() throws(CryptographyError) -> Int64 {
        try number(10)
    }

    private mutating func number(_ tag: UInt32) throws(CryptographyError) -> Int64 {
        let contents = try contents(of: tag, isConstructed: false)
        guard let first = contents.first, contents.count <= 8 else { throw Self.malformed }
        // Minimal: the first nine bits are not all equal.
        if contents.count > 1, first == 0 || first == 0xFF, (first ^ contents[1]) & 0x80 == 0 {
            throw Self.malformed
        }
        return contents.reduce(first & 0x80 == 0 ? 0 : -1) { $0 << 8 | Int64($1) }
    }

    private mutating func contents(of tag: UInt32, isConstructed: Bool) throws(CryptographyError) -> [UInt8] {
        let element = try next()
        guard element.tag == .universal(tag), element.isConstructed == isConstructed else { throw Self.malformed }
        return element.contents
    }

    private mutating func byte() throws(CryptographyError) -> UInt8 {
        guard position < bytes.count else { throw Self.malformed }
        defer { position += 1 }
        return bytes[position]
    }

    /// A tag number of 31 or more, in as few groups of seven bits as it needs and no more than three.
    private mutating func longTagNumber() throws(CryptographyError) -> UInt32 {
        var number: UInt32 = 0
        for _ in 0..<3 {
            let group = try byte()
            guard number != 0 || group & 0x7F != 0 else { throw Self.malformed }
            number = number << 7 | UInt32(group & 0x7F)
            guard group & 0x80 == 0 else { continue }
            guard number >= 31 else { throw Self.malformed }
            return number
        }
        throw Self.malformed
    }

    /// A definite length in its shortest form, of at most two bytes: no certificate is longer.
    private mutating func length() throws(CryptographyError) -> Int {
        let first = try byte()
        switch first {
        case 0..<0x80: return Int(first)
        case 0x81:
            let length = Int(try byte())
            guard length >= 0x80 else { throw Self.malformed }
            return length
        case 0x82:
            let length = Int(try byte()) << 8 | Int(try byte())
            guard length >= 0x100 else { throw Self.malformed }
            return length
        default: throw Self.malformed
        }
    }
}
