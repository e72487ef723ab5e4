import Cryptography
import Testing

@testable import Wire

@Suite struct GoldenBytesTests {
    @Test(arguments: Golden.all)
    func `bytes of Google's library decode and come out as they were`(golden: Golden) throws {
        #expect(!golden.bytes.isEmpty)
        let message = try golden.type.decode(golden.bytes, limits: .reply)
        #expect(Hex.encode(message.encoded()) == golden.hex)
    }

    @Test(arguments: Golden.all)
    func `JSON is that of Google's library both ways`(golden: Golden) throws {
        let name = golden.type.fullName
        #expect(try JSONTranscoder.encode(golden.bytes, as: name) == golden.json)
        #expect(try Hex.encode(JSONTranscoder.decode(json: Array(golden.json.utf8), as: name)) == golden.hex)
    }

    @Test func `the values arrive in the facade`() throws {
        let user = try #require(try GetUserResponse.decode(Golden.all[0].bytes, limits: .reply).user)
        #expect(user.id == "018f3c5e-7b1a-7c3d-9e2f-0123456789ab")
        #expect(user.state == .active)
        #expect(user.revision == .max)
        #expect(user.identifiers.map(\.value) == ["zoë@example.com", "+4312345"])
        #expect(user.identifiers.map(\.kind) == [.email, .phone])
        #expect(user.identifiers.map(\.primary) == [true, false])
        #expect(user.updateTime == WireTimestamp(microsecondsSinceEpoch: -500_000))
        #expect(user.createTime?.microsecondsSinceEpoch == 1_767_323_045_678_901)
    }

    @Test func `a frame's metadata is secret and exact`() throws {
        let envelope = try FrameEnvelope.decode(Golden.all[7].bytes, limits: .reply)
        guard case .call(let call) = envelope.kind else { throw WireError(.malformed) }
        #expect(call.callID == 300)
        #expect(call.timeoutMilliseconds == .max)
        #expect(call.message == [0x0A, 0x01, 0x75])
        #expect(call.metadata.first?.value.validatedUTF8String() == "Bearer ght_x")
        #expect(!String(reflecting: call).contains("ght_x"))
    }

    @Test func `a NUL in an outgoing text is left out and cuts nothing`() throws {
        let bytes = FieldViolation(field: "a\0b", description: "c").encoded()
        #expect(try FieldViolation.decode(bytes, limits: .reply) == FieldViolation(field: "ab", description: "c"))
    }
}
