import Cryptography
import Testing

@testable import Identity

@Suite struct TokenTextTests {
    private let random = SystemRandom()

    @Test(arguments: TokenKind.allCases)
    func `a token has its prefix, 49 characters more, and is known by its hash`(kind: TokenKind) throws {
        let (token, hash) = TokenText.make(kind, random: random)
        #expect(token.count == 53)
        let text = try #require(token.validatedUTF8String())
        #expect(text.hasPrefix(kind.rawValue))
        #expect(TokenHash(of: token, kind: kind) == hash)
        #expect(hash.bytes == SHA256.digest(of: Array(text.utf8)))
        for other in TokenKind.allCases where other != kind { #expect(TokenHash(of: token, kind: other) == nil) }
    }

    @Test func `one wrong, missing or further character is noticed before the database is asked`() throws {
        let (token, _) = TokenText.make(.session, random: random)
        let text = token.withBytes { Array($0) }
        for index in text.indices {
            var altered = text
            altered[index] ^= 1
            #expect(TokenHash(of: SecretBytes(copying: altered), kind: .session) == nil)
        }
        for altered in [Array(text.dropLast()), text + [0x41], text + [0], [], Array(text.dropFirst())] {
            #expect(TokenHash(of: SecretBytes(copying: altered), kind: .session) == nil)
        }
    }

    @Test func `tokens do not repeat`() {
        let hashes = Set((0..<10_000).map { _ in TokenText.make(.session, random: random).hash })
        #expect(hashes.count == 10_000)
    }
}
