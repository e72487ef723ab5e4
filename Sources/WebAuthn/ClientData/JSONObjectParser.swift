/// Reads one JSON object by RFC 8259, byte by byte and without leniency.
///
/// A parser of our own, because those at hand disagree on which of two equal members counts (SECURITY F11). The input is
/// UTF-8 already checked; recursion is as deep as `depth` says.
struct JSONObjectParser {
    private var input: JSONBytes

    private init(_ bytes: [UInt8]) {
        input = JSONBytes(bytes)
    }

    /// The members of an object with nothing around it but white space; members of inner objects are not kept.
    static func parse(_ bytes: [UInt8], depth: Int) throws(ClientDataError) -> [[UInt8]: JSONValue] {
        var parser = JSONObjectParser(bytes)
        parser.input.skipWhiteSpace()
        guard parser.input.skip("{") else { throw .malformed }
        let members = try parser.members(depth: depth)
        parser.input.skipWhiteSpace()
        guard parser.input.isAtEnd else { throw .malformed }
        return members
    }

    /// The members after the opening brace, and the closing one.
    private mutating func members(depth: Int) throws(ClientDataError) -> [[UInt8]: JSONValue] {
        guard depth > 0 else { throw .tooDeep }
        var members: [[UInt8]: JSONValue] = [:]
        input.skipWhiteSpace()
        guard !input.skip("}") else { return members }
        repeat {
            input.skipWhiteSpace()
            guard input.skip("\"") else { throw .malformed }
            let name = try input.string()
            input.skipWhiteSpace()
            guard input.skip(":") else { throw .malformed }
            let value = try value(depth: depth - 1)
            guard members.updateValue(value, forKey: name) == nil else { throw .duplicateMember }
            input.skipWhiteSpace()
        } while input.skip(",")
        guard input.skip("}") else { throw .malformed }
        return members
    }

    /// The elements after the opening bracket, and the closing one.
    private mutating func elements(depth: Int) throws(ClientDataError) -> [JSONValue] {
        guard depth > 0 else { throw .tooDeep }
        var elements: [JSONValue] = []
        input.skipWhiteSpace()
        guard !input.skip("]") else { return elements }
        repeat {
            elements.append(try value(depth: depth - 1))
            input.skipWhiteSpace()
        } while input.skip(",")
        guard input.skip("]") else { throw .malformed }
        return elements
    }

    private mutating func value(depth: Int) throws(ClientDataError) -> JSONValue {
        input.skipWhiteSpace()
        if input.skip("\"") { return .string(try input.string()) }
        if input.skip("true") { return .boolean(true) }
        if input.skip("false") { return .boolean(false) }
        if input.skip("[") { return .array(try elements(depth: depth)) }
        if input.skip("{") {
            _ = try members(depth: depth)
        } else if !input.skip("null") {
            try input.number()
        }
        return .other
    }
}
