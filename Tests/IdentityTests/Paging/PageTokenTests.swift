import Cryptography
import MariaDB
import Testing

@testable import Identity

/// SECURITY RPC-17 and KEY-03.
@Suite(.serialized) struct PageTokenTests {
    private let position = [UInt8](repeating: 5, count: 16)

    private func context(_ actor: CallContext.Actor = .system) -> CallContext {
        CallContext(actor: actor, requestID: "", deadline: .never)
    }

    private func caller() -> CallContext {
        let id = ServiceAccountID.make(at: Timestamp(microsecondsSinceEpoch: 0), random: SystemRandom())
        return context(.serviceAccount(Caller(id: id, name: "", scopes: .all, credential: .certificate)))
    }

    @Test func `a token leads back to its position`() throws {
        let pages = PageTokens(keyRing: try CoreWorld.keyRing())
        let token = pages.make(list: "users", filter: [1], caller: context(), position: position)
        #expect(try pages.read(token, list: "users", filter: [1], caller: context()) == position)
        #expect(try pages.read("", list: "users", caller: context()) == nil)
    }

    @Test func `a token is worth nothing elsewhere`() async throws {
        let pages = PageTokens(keyRing: try CoreWorld.keyRing())
        let mine = caller()
        let token = pages.make(list: "users", filter: [1], caller: mine, position: position)
        await expectRefusal(.pageTokenInvalid) { try pages.read(token, list: "users", filter: [2], caller: mine) }
        await expectRefusal(.pageTokenInvalid) { try pages.read(token, list: "users", filter: [], caller: mine) }
        await expectRefusal(.pageTokenInvalid) { try pages.read(token, list: "sessions", filter: [1], caller: mine) }
        await expectRefusal(.pageTokenInvalid) { try pages.read(token, list: "users", filter: [1], caller: caller()) }
        await expectRefusal(.pageTokenInvalid) {
            try pages.read(token, list: "users", filter: [1], caller: context(.anonymous))
        }
        let others = PageTokens(keyRing: try CoreWorld.keyRing(byte: 8))
        await expectRefusal(.pageTokenInvalid) { try others.read(token, list: "users", filter: [1], caller: mine) }
        let rotated = PageTokens(keyRing: try CoreWorld.keyRing(id: 2))
        await expectRefusal(.pageTokenInvalid) { try rotated.read(token, list: "users", filter: [1], caller: mine) }
    }

    @Test func `no altered bit, cut or addition goes through`() async throws {
        let pages = PageTokens(keyRing: try CoreWorld.keyRing())
        let token = pages.make(list: "users", caller: context(), position: position)
        let bytes = try #require(Base64URL.decode(token))
        for index in bytes.indices {
            var altered = bytes
            altered[index] ^= 1
            await expectRefusal(.pageTokenInvalid) {
                try pages.read(Base64URL.encode(altered), list: "users", caller: context())
            }
        }
        let others = [
            "x", "\u{0}", "ä", token + "A", String(token.dropLast()), token + "=", " " + token,
            Base64URL.encode(bytes.prefix(35)),
            String(repeating: "A", count: 2000), "' OR 1=1 --",
        ]
        for other in others {
            await expectRefusal(.pageTokenInvalid) { try pages.read(other, list: "users", caller: context()) }
        }
    }

    /// KEY-03: a code under another purpose, though right for it, is no page token.
    @Test(arguments: KeyPurpose.allCases.filter { $0 != .pageToken })
    func `a code made for another purpose is no page token`(purpose: KeyPurpose) async throws {
        let ring = try CoreWorld.keyRing()
        let covered = [Array("users".utf8), [], context().callerKey, position].flatMap { LengthPrefix.of($0) + $0 }
        func token(_ purpose: KeyPurpose) -> String {
            let code = ring.authenticationCode(for: covered, purpose: purpose)
            return Base64URL.encode([0, 0, 0, UInt8(code.keyID)] + code.bytes + position)
        }
        let pages = PageTokens(keyRing: ring)
        #expect(try pages.read(token(.pageToken), list: "users", caller: context()) == position)
        await expectRefusal(.pageTokenInvalid) { try pages.read(token(purpose), list: "users", caller: context()) }
    }

    @Test func `lists take tokens of their own only`() async throws {
        try await withCore { world in
            for index in 0..<3 { _ = try await world.makeUser("u\(index)@example.com") }
            let (one, two) = (world.caller(["users.read"]), world.caller(["users.read"]))
            let token = try #require(try await world.core.users.list(PageRequest(size: 1), one).nextPageToken)
            let next = PageRequest(size: 1, token: token)
            #expect(try await world.core.users.list(next, one).items.count == 1)
            await expectRefusal(.pageTokenInvalid) { try await world.core.users.list(next, two) }
            await expectRefusal(.pageTokenInvalid) { try await world.core.users.list(next, state: .active, one) }
            await expectRefusal(.pageTokenInvalid) {
                try await world.core.serviceAccounts.list(next, world.caller(["*"]))
            }
        }
    }
}
