import JSON
import MariaDB
import Testing

@testable import Identity

@Suite struct AttributeValueTests {
    @Test(arguments: [
        (ProfileAttribute.Kind.boolean, "true", "true"), (.date, #""2024-02-29""#, #""2024-02-29""#),
        (.dateTime, #""2026-01-31T10:30:00+01:00""#, #""2026-01-31T09:30:00.000000Z""#),
        (.dateTime, #""2026-01-31t09:30:00.5z""#, #""2026-01-31T09:30:00.500000Z""#),
        (.dateTime, #""2026-12-31T23:59:59-00:30""#, #""2027-01-01T00:29:59.000000Z""#), (.decimal, "12.50", "12.5"),
        (.decimal, "-0.000000001", "-0.000000001"), (.decimal, "-0", "0"), (.decimal, "1.0000000000000", "1"),
        (.decimal, "999999999999999999.999999999", "999999999999999999.999999999"),
        (.integer, "-9223372036854775808", "-9223372036854775808"), (.string, #""e\u0301""#, "\"\u{E9}\""),
        (.string, #""line\nnext""#, #""line\nnext""#),
    ])
    func `a value is stored in one form`(_ kind: ProfileAttribute.Kind, _ json: String, _ stored: String) throws {
        let value = try #require(AttributeValue(try JSONParser.parse(Array(json.utf8)), kind))
        #expect(Array(value.json.text.utf8) == Array(stored.utf8))
        #expect(AttributeValue(value.json, kind) == value)
    }

    @Test(arguments: [
        (ProfileAttribute.Kind.boolean, #""true""#), (.boolean, "1"), (.date, #""2023-02-29""#),
        (.date, #""2023-2-9""#),
        (.date, #""0000-01-01""#), (.date, "20230101"), (.dateTime, #""2026-01-31T09:30:00""#),
        (.dateTime, #""2026-01-31T25:30:00Z""#), (.dateTime, #""2026-01-31T09:30:00+24:00""#),
        (.dateTime, #""0001-01-01T00:00:00+01:00""#), (.dateTime, #""9999-12-31T23:59:59-01:00""#),
        (.dateTime, #""2026-01-31T09:30:00.1234567Z""#), (.decimal, "1e3"), (.decimal, "1000000000000000000"),
        (.decimal, "0.0000000001"), (.decimal, #""1""#), (.integer, "1.0"), (.integer, "1e3"),
        (.integer, "9223372036854775808"), (.string, "1"), (.string, #""a\u0000b""#), (.string, #""a\u0007b""#),
        (.string, "[]"), (.complex, #""x""#),
    ])
    func `a value of another kind or out of range is none`(_ kind: ProfileAttribute.Kind, _ json: String) throws {
        #expect(AttributeValue(try JSONParser.parse(Array(json.utf8)), kind) == nil)
    }

    @Test func `the order of sort keys is that of values`() throws {
        let numbers = ["-9223372036854775808", "-5", "-1", "0", "1", "2", "10", "9223372036854775807"]
        try expectAscending(numbers, .integer)
        let decimals = ["-999999999999999999", "-1.5", "-1.25", "-0.000000001", "0", "0.000000001", "0.1", "1", "10.5"]
        try expectAscending(decimals, .decimal)
        try expectAscending(["0001-01-01", "1969-12-31", "2024-02-29", "9999-12-31"], .date)
        let moments = ["0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]
        try expectAscending(moments, .dateTime)
        try expectAscending(["false", "true"], .boolean)
        try expectAscending(["", "A", "aa", "B", "ß\u{1F600}"], .string)
    }

    private func expectAscending(_ texts: [String], _ kind: ProfileAttribute.Kind) throws {
        let keys = texts.compactMap { AttributeValue(text: $0, kind)?.sortKey }
        try #require(keys.count == texts.count)
        for (left, right) in zip(keys, keys.dropFirst()) { #expect(left.lexicographicallyPrecedes(right)) }
    }

    @Test func `case and composition do not tell texts apart, marks do`() throws {
        func key(_ text: String) throws -> [UInt8] {
            try #require(AttributeValue(text: text, .string)?.sortKey)
        }
        let keys = try ["STRASSE", "straße", "E\u{301}cole", "école", "ecole", "a", "a "].map(key)
        #expect(keys[0] == keys[1])
        #expect(keys[2] == keys[3])
        #expect(keys[3] != keys[4])
        #expect(keys[5] != keys[6])
    }

    @Test(arguments: ["a", "given_name", "a.b.c.d", "A9_", String(repeating: "a", count: 64)])
    func `paths are read as they are written`(_ text: String) throws {
        #expect(AttributePath(text)?.description == text)
    }

    @Test(arguments: [
        "", ".", "a.", ".a", "a..b", "9a", "_a", "a-b", "a b", "é", "a.b.c.d.e", "a\u{0}",
        String(repeating: "a", count: 65),
        "a\u{301}",
    ])
    func `what is no path is none`(_ text: String) {
        #expect(AttributePath(text) == nil)
    }
}
