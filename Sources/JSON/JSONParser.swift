/// A strict RFC 8259 reader.
///
/// Foundation's cannot serve: JSONSerialization takes the last of two members of one name and JSONDecoder the first,
/// both in silence (SECURITY F11), and both turn 64-bit integers into floating point at the edges.
package struct JSONParser {
    private let bytes: [UInt8]
    private var position = 0
    private static let maximumDepth = 32

    /// Reads one JSON text; anything after it is refused.
    package static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
        var parser = JSONParser(bytes: bytes)
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.position == bytes.count else { throw JSONError(.malformed) }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
    }

    private mutating func take(_ byte: UInt8) throws(JSONError) {
        guard next == byte else { throw JSONError(.malformed) }
        position += 1
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        guard depth < Self.maximumDepth else { throw JSONError(.tooDeep) }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        for byte in "\(word)".utf8 { try take(byte) }
        return value
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
        try take(UInt8(ascii: "{"))
        var members: [JSONValue.Member] = []
        var names: Set<[UInt8]> = []
        skipSpace()
        if next == UInt8(ascii: "}") {
            position += 1
            return .object([])
        }
        while true {
            skipSpace()
            let name = try string()
            guard names.insert(Array(name.utf8)).inserted else { throw JSONError(.duplicateMember, at: name) }
            skipSpace()
            try take(UInt8(ascii: ":"))
            do { members.append(.init(name: name, value: try value(depth: depth + 1))) } catch {
                throw error.inside(name)
            }
            guard try anotherFollows(until: UInt8(ascii: "}")) else { return .object(members) }
        }
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
        try take(UInt8(ascii: "["))
        var values: [JSONValue] = []
        skipSpace()
        if next == UInt8(ascii: "]") {
            position += 1
            return .array([])
        }
        while true {
            values.append(try value(depth: depth + 1))
            guard try anotherFollows(until: UInt8(ascii: "]")) else { return .array(values) }
        }
    }

    private mutating func anotherFollows(until end: UInt8) throws(JSONError) -> Bool {
        skipSpace()
        if next == end {
            position += 1
            return false
        }
        try take(UInt8(ascii: ","))
        return true
    }

    private mutating func digits() throws(JSONError) {
        let start = position
        while let byte = next, (0x30...0x39).contains(byte) { position += 1 }
        guard position > start else { throw JSONError(.malformed) }
    }

    private mutating func number() throws(JSONError) -> String {
        let start = position
        if next == UInt8(ascii: "-") { position += 1 }
        let first = position
        try digits()
        guard position == first + 1 || bytes[first] != UInt8(ascii: "0") else { throw JSONError(.malformed) }
        if next == UInt8(ascii: ".") {
            position += 1
            try digits()
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            position += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
            try digits()
        }
        return String(decoding: bytes[start..<position], as: Unicode.ASCII.self)
    }
}

extension JSONParser {
    private mutating func string() throws(JSONError) -> String {
        try take(UInt8(ascii: "\""))
        var result: [UInt8] = []
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: result, as: UTF8.self) else { throw JSONError(.invalidUTF8) }
                return text
            case UInt8(ascii: "\\"): try escape(into: &result)
            case 0..<0x20: throw JSONError(.malformed)
            default: result.append(byte)
            }
        }
        throw JSONError(.malformed)
    }

    private mutating func escape(into result: inout [UInt8]) throws(JSONError) {
        guard let byte = next else { throw JSONError(.malformed) }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(byte)
        case UInt8(ascii: "b"): result.append(0x08)
        case UInt8(ascii: "f"): result.append(0x0C)
        case UInt8(ascii: "n"): result.append(0x0A)
        case UInt8(ascii: "r"): result.append(0x0D)
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "u"): result.append(contentsOf: Array(String(try escapedScalar()).utf8))
        default: throw JSONError(.malformed)
        }
    }

    /// One `\u` escape, or two that make a surrogate pair; a lone surrogate is refused.
    private mutating func escapedScalar() throws(JSONError) -> Unicode.Scalar {
        let first = try hexadecimal()
        if let scalar = Unicode.Scalar(first) { return scalar }
        try take(UInt8(ascii: "\\"))
        try take(UInt8(ascii: "u"))
        let second = try hexadecimal()
        guard first < 0xDC00, (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
        else { throw JSONError(.malformed) }
        return scalar
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt32 {
        var result: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next else { throw JSONError(.malformed) }
            position += 1
            switch byte {
            case 0x30...0x39: result = result << 4 | UInt32(byte - 0x30)
            case 0x41...0x46: result = result << 4 | UInt32(byte - 0x41 + 10)
            case 0x61...0x66: result = result << 4 | UInt32(byte - 0x61 + 10)
            default: throw JSONError(.malformed)
            }
        }
        return result
    }
}
