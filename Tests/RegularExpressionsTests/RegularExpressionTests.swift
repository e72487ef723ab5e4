import RegularExpressions
import Testing

@Suite struct RegularExpressionTests {
    @Test(arguments: [
        ("[a-z]+", "abc", true), ("[a-z]+", "abc1", false), ("a|ab", "ab", true), (".*", "", true),
        ("[A-Z]{2}\\d{4}", "DE1234", true), ("[A-Z]{2}\\d{4}", "xDE1234", false), ("\\p{L}+", "Žofie", true),
        ("a$", "a\n", false), (".", "👩‍👩‍👧", false), (".", "é", true), ("(?i)straße", "STRASSE", false),
    ])
    func `a text matches as a whole or not at all`(_ pattern: String, _ text: String, _ matches: Bool) throws {
        #expect(try RegularExpression(pattern).compare(text) == (matches ? .matches : .differs))
    }

    @Test(arguments: ["(a+)+b", "(a|a)*b", "(.*)*x", "(a?){30}a{30}b"])
    func `an expression that tries too many ways gives up`(_ pattern: String) throws {
        let text = String(repeating: "a", count: 5000)
        #expect(try RegularExpression(pattern).compare(text) != .matches)
    }

    @Test(arguments: ["(", "[a", "a{2,1}", "\\C", "(?<n>a)(?<n>b)", "*", "((a{1,100}){1,100}){1,100}b"])
    func `what is no expression is refused with a sentence and a place`(_ pattern: String) throws {
        let refusal = #expect(throws: RegularExpression.Refusal.self) { try RegularExpression(pattern) }
        #expect(refusal?.message.isEmpty == false)
        #expect(try #require(refusal).offset <= pattern.utf8.count)
    }

    @Test func `the longest expression has a thousand bytes`() throws {
        #expect(try RegularExpression(String(repeating: "a", count: 1000)).compare("a") == .differs)
        #expect(throws: RegularExpression.Refusal.self) { try RegularExpression(String(repeating: "a", count: 1001)) }
    }
}
