import InternationalNames
import Testing

/// RFC 8265 section 4.2 and 4.3; texts are compared as bytes, because Swift's `==` would hide what is tested.
struct OpaqueStringTests {
    private func normalized(_ text: String) throws -> [UInt8] {
        Array(try OpaqueString(text).text.utf8)
    }

    @Test func `Composed and decomposed letters become the same bytes`() throws {
        #expect(try normalized("caf\u{E9}") == Array("caf\u{E9}".utf8))
        #expect(try normalized("cafe\u{301}") == Array("caf\u{E9}".utf8))
        #expect(try normalized("\u{212B}") == [0xC3, 0x85])
        #expect(try normalized("\u{1100}\u{1161}\u{11A8}") == Array("\u{AC01}".utf8))
    }

    @Test func `Marks in another order become the same bytes`() throws {
        #expect(try normalized("a\u{301}\u{323}") == normalized("a\u{323}\u{301}"))
    }

    @Test func `Width and case stay`() throws {
        #expect(try normalized("\u{FF21}") == Array("\u{FF21}".utf8))
        #expect(try normalized("\u{FF21}") != normalized("A"))
        #expect(try normalized("Password") != normalized("password"))
        #expect(try normalized("\u{FB01}") != normalized("fi"))
        #expect(try normalized("\u{17F}") != normalized("s"))
    }

    @Test func `Spaces stay where they are, at both ends too`() throws {
        #expect(try normalized("  two  words ") == Array("  two  words ".utf8))
        #expect(try normalized(" ") == [0x20])
    }

    @Test(arguments: ["\u{A0}", "\u{1680}", "\u{2000}", "\u{2003}", "\u{202F}", "\u{205F}", "\u{3000}"])
    func `A space outside ASCII becomes U+0020`(space: String) throws {
        #expect(try normalized("foo\(space)bar") == Array("foo bar".utf8))
    }

    @Test func `The examples of RFC 8265 table 4 are as it says`() throws {
        #expect(try normalized("correct horse battery staple") == Array("correct horse battery staple".utf8))
        #expect(try normalized("Correct Horse Battery Staple") == Array("Correct Horse Battery Staple".utf8))
        #expect(try normalized("\u{3C0}\u{DF}\u{E5}") == Array("\u{3C0}\u{DF}\u{E5}".utf8))
        #expect(try normalized("Jack of \u{2666}s") == Array("Jack of \u{2666}s".utf8))
        #expect(try normalized("foo\u{1680}bar") == Array("foo bar".utf8))
        #expect(throws: OpaqueString.Refusal.empty) { try OpaqueString("") }
        #expect(throws: OpaqueString.Refusal.controlCharacter) { try OpaqueString("my cat is a \u{9}by") }
    }

    @Test(arguments: ["\u{0}", "\n", "\r", "\u{7F}", "\u{85}", "\u{9F}", "\u{2028}", "\u{2029}"])
    func `A control character or line separator is refused wherever it stands`(control: String) {
        #expect(throws: OpaqueString.Refusal.controlCharacter) { try OpaqueString("pass\(control)word") }
        #expect(throws: OpaqueString.Refusal.controlCharacter) { try OpaqueString("password\(control)") }
    }

    @Test(arguments: [0x378, 0xFFFE, 0xFDD0, 0x10FFFF, 0xE0080] as [UInt32])
    func `A code point that is not assigned is refused`(codePoint: UInt32) throws {
        let scalar = String(try #require(Unicode.Scalar(codePoint)))
        #expect(throws: OpaqueString.Refusal.unassignedCodePoint) { try OpaqueString("password\(scalar)") }
    }

    @Test func `Length is counted in code points after normalisation`() throws {
        #expect(try OpaqueString("e\u{301}").codePointCount == 1)
        #expect(try OpaqueString("\u{1F469}\u{200D}\u{1F469}\u{200D}\u{1F467}").codePointCount == 5)
        #expect(try OpaqueString("a" + String(repeating: "\u{301}", count: 14)).codePointCount == 14)
    }

    @Test func `A text is looked at up to 4096 bytes`() throws {
        #expect(try OpaqueString(String(repeating: "a", count: 4096)).codePointCount == 4096)
        #expect(throws: OpaqueString.Refusal.tooLong) { try OpaqueString(String(repeating: "a", count: 4097)) }
        #expect(throws: OpaqueString.Refusal.tooLong) { try OpaqueString(String(repeating: "\u{E9}", count: 2049)) }
    }

    @Test func `Normalising twice changes nothing`() throws {
        for text in ["cafe\u{301}\u{3000}x", "\u{1E9B}\u{323}", "\u{0344}", "\u{2126}"] {
            let once = try OpaqueString(text).text
            #expect(try normalized(once) == Array(once.utf8))
        }
    }

    @Test func `Nothing that prints it shows the text`() throws {
        let password = try OpaqueString("correct horse")
        var dumped = ""
        dump(password, to: &dumped)
        for shown in ["\(password)", String(reflecting: password), dumped] { #expect(!shown.contains("horse")) }
    }
}
