import JSON
import Testing

@Suite struct JSONParserTests {
    @Test(arguments: [
        #"{"a":1,"b":[true,null,"x"]}"#, #"-0.50"#, #""\u00e9\n""#, "[]", "{}", #"[1e400,"\"",{"c":{}}]"#,
        "123456789012345678901234567890",
    ])
    func `a text that is read and written is read the same again`(_ text: String) throws {
        let value = try JSONParser.parse(Array(text.utf8))
        #expect(try JSONParser.parse(Array(value.text.utf8)) == value)
    }

    @Test func `numbers keep their digits and members their order`() throws {
        let value = try JSONParser.parse(Array(#"{"b":1.50,"a":12345678901234567890}"#.utf8))
        #expect(value.text == #"{"b":1.50,"a":12345678901234567890}"#)
    }

    @Test(arguments: [
        (#"{"a":1,"a":2}"#, JSONError.Code.duplicateMember, "a"),
        (#"{"x":{"a":1,"\u0061":2}}"#, .duplicateMember, "x.a"),
    ])
    func `two members of one name are refused in whatever spelling`(
        _ text: String,
        _ code: JSONError.Code,
        _ path: String
    ) {
        let error = #expect(throws: JSONError.self) { try JSONParser.parse(Array(text.utf8)) }
        #expect(error?.code == code)
        #expect(error?.path == path)
    }

    @Test(arguments: [
        "", "{", "[1,]", "01", "+1", "1.", ".5", "nul", "\"\u{1}\"", #""\ud800""#, #""\x""#, "{}x", "[1 2]", "{\"a\"}",
        "NaN",
    ])
    func `what RFC 8259 does not allow is refused`(_ text: String) {
        #expect(throws: JSONError.self) { try JSONParser.parse(Array(text.utf8)) }
    }

    @Test func `nesting ends at thirty-two`() throws {
        _ = try JSONParser.parse(Array((String(repeating: "[", count: 31) + String(repeating: "]", count: 31)).utf8))
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: JSONError.self) { try JSONParser.parse(Array(deep.utf8)) }
    }

    @Test func `a string of other bytes than UTF-8 is refused`() {
        let error = #expect(throws: JSONError.self) { try JSONParser.parse([0x22, 0xC3, 0x28, 0x22]) }
        #expect(error?.code == .invalidUTF8)
    }
}
