import Cryptography
import InternationalNames
import Testing

@testable import Passwords

/// What is tried at a sign-in (SECURITY PW-04, PW-05).
struct PresentedPasswordTests {
    private func bytes(_ text: String, _ version: UInt16 = OpaqueString.version) -> [UInt8]? {
        PresentedPassword(text).bytes(normalizedBy: version)?.validatedUTF8String().map { Array($0.utf8) }
    }

    @Test func `The same password composed and decomposed is one`() {
        #expect(bytes("cafe\u{301}") == bytes("caf\u{E9}"))
        #expect(bytes("cafe\u{301}") == Array("caf\u{E9}".utf8))
    }

    @Test func `Spaces, case and width are significant`() {
        #expect(bytes(" pw ") == Array(" pw ".utf8))
        #expect(bytes("PW") != bytes("pw"))
        #expect(bytes("ｐｗ") != bytes("pw"))
    }

    @Test func `An import is tried as it was typed`() {
        #expect(bytes("cafe\u{301}", PresentedPassword.unchangedVersion) == Array("cafe\u{301}".utf8))
        #expect(bytes("with\ttab", PresentedPassword.unchangedVersion) == Array("with\ttab".utf8))
        #expect(bytes("with\ttab") == nil)
    }

    @Test func `A normalisation that is not known matches nothing`() {
        #expect(bytes("password", OpaqueString.version + 1) == nil)
    }

    @Test func `A text without end is not looked at, and there is still something to do the work with`() {
        let endless = PresentedPassword(String(repeating: "x", count: 1 << 20))
        #expect(endless.bytes(normalizedBy: 0) == nil)
        #expect(endless.current == nil)
        #expect(endless.anything.count == 0)
        #expect(PresentedPassword("tab\t").anything.count == 4)
    }

    @Test func `Nothing that prints it shows it`() {
        let password = PresentedPassword("hunter2 hunter2")
        var dumped = ""
        dump(password, to: &dumped)
        for text in ["\(password)", String(reflecting: password), dumped] { #expect(!text.contains("hunter2")) }
    }
}
