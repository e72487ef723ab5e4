/// The letters of JSON: white space, texts and numbers (RFC 8259 sections 2, 6 and 7).
struct JSONBytes {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position == bytes.count }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func skipWhiteSpace() {
        while let next, [0x20, 0x09, 0x0A, 0x0D].contains(next) { position += 1 }
    }

    /// Steps over a text, if it comes next.
    mutating func skip(_ text: StaticString) -> Bool {
        let expected = Array(text.description.utf8)
        guard bytes[position...].starts(with: expected) else { return false }
        position += expected.count
        return true
    }

    private mutating func take() throws(ClientDataError) -> UInt8 {
        guard let next else { throw .malformed }
        position += 1
        return next
    }

    /// What a text after its opening quote means, as UTF-8, and the closing quote.
    mutating func string() throws(ClientDataError) -> [UInt8] {
        var text: [UInt8] = []
        while true {
            switch try take() {
            case UInt8(ascii: "\""): return text
            case UInt8(ascii: "\\"): text += try escape()
            case 0..<0x20: throw .malformed
            case let byte: text.append(byte)
            }
        }
    }

    private mutating func escape() throws(ClientDataError) -> [UInt8] {
        switch try take() {
        case UInt8(ascii: "\""): return [0x22]
        case UInt8(ascii: "\\"): return [0x5C]
        case UInt8(ascii: "/"): return [0x2F]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return Array(String(try escapedScalar()).utf8)
        default: throw .malformed
        }
    }

    /// The code point of `\uXXXX`, or of a pair of surrogates; a lone surrogate is none.
    private mutating func escapedScalar() throws(ClientDataError) -> Unicode.Scalar {
        let first = try codeUnit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard (0xD800..<0xDC00).contains(first), skip("\\u") else { throw .malformed }
        let second = try codeUnit()
        guard (0xDC00..<0xE000).contains(second) else { throw .malformed }
        // Each surrogate has ten bits of what is above the basic plane (RFC 2781 section 2.2).
        let (high, low) = (first - 0xD800, second - 0xDC00)
        guard let scalar = Unicode.Scalar(0x10000 + ((high << 10) | low)) else { throw .malformed }
        return scalar
    }

    private mutating func codeUnit() throws(ClientDataError) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            let digit = Unicode.Scalar(try take())
            guard let value = Character(digit).hexDigitValue else { throw .malformed }
            unit = unit << 4 | UInt32(value)
        }
        return unit
    }

    /// Steps over a number.
    mutating func number() throws(ClientDataError) {
        _ = skip("-")
        if !skip("0") { try digits() }
        if skip(".") { try digits() }
        guard skip("e") || skip("E") else { return }
        if !skip("+") { _ = skip("-") }
        try digits()
    }

    private mutating func digits() throws(ClientDataError) {
        let start = position
        while let next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(next) { position += 1 }
        guard position > start else { throw .malformed }
    }
}
