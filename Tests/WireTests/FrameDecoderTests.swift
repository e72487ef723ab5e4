import Testing

@testable import Wire

@Suite struct FrameDecoderTests {
    private func ping(_ bytes: [UInt8]) -> [UInt8] { Frame.ping(PingFrame(opaque: bytes)).encodedWithLength() }

    private func drain(_ decoder: inout FrameDecoder) throws -> [[UInt8]] {
        var result: [[UInt8]] = []
        while let frame = try decoder.next() {
            if case .ping(let ping) = frame { result.append(ping.opaque) }
        }
        return result
    }

    @Test func `frames come out however the bytes are cut`() throws {
        let stream = ping([1]) + ping([]) + ping([2, 3])
        for size in 1...stream.count {
            var decoder = FrameDecoder()
            var seen: [[UInt8]] = []
            for start in stride(from: 0, to: stream.count, by: size) {
                decoder.append(stream[start..<min(start + size, stream.count)])
                seen += try drain(&decoder)
            }
            #expect(seen == [[1], [], [2, 3]])
            #expect(!decoder.isInsideFrame)
        }
    }

    @Test(arguments: [0xFFFF_FFFF, 0x8000_0000, 0x7FFF_FFFF, 64 * 1024 + 1] as [UInt32])
    func `a length beyond the cap fails before its body comes`(length: UInt32) {
        var decoder = FrameDecoder()
        decoder.append((0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) })
        #expect(throws: WireError(.frameTooLarge)) { try decoder.next() }
        decoder.append([UInt8](repeating: 0, count: 100_000))
        #expect(decoder.bufferedBytes == 0)
        #expect(throws: WireError(.frameTooLarge)) { try decoder.next() }
    }

    @Test func `a frame of length zero fails`() {
        var decoder = FrameDecoder()
        decoder.append([0, 0, 0, 0])
        #expect(throws: WireError(.frameEmpty)) { try decoder.next() }
    }

    @Test func `memory follows the bytes that came, not the length that was promised`() throws {
        var decoder = FrameDecoder(maximumFrameBytes: 1 << 30)
        decoder.append([0x3F, 0xFF, 0xFF, 0xFF])
        for _ in 0..<100 {
            decoder.append([0])
            #expect(try decoder.next() == nil)
        }
        #expect(decoder.bufferedBytes == 104)
        #expect(decoder.isInsideFrame)
    }

    @Test func `a frame of exactly the cap passes and the cap can rise`() throws {
        let body = [UInt8](repeating: 7, count: 70_000)
        let bytes = Frame.item(ItemFrame(callID: 1, message: body)).encodedWithLength()
        var small = FrameDecoder()
        small.append(bytes)
        #expect(throws: WireError(.frameTooLarge)) { try small.next() }
        for (cap, passes) in [(bytes.count - 4, true), (bytes.count - 5, false)] {
            var decoder = FrameDecoder(maximumFrameBytes: 10)
            decoder.maximumFrameBytes = cap
            decoder.append(bytes)
            #expect(((try? decoder.next()) != nil) == passes)
        }
    }

    @Test func `an unknown kind of frame and garbage fail for good`() {
        for body in [[0x7A, 0x00], [0xFF, 0xFF], Encoding.delimited(4, Encoding.tag(9, 3))] as [[UInt8]] {
            var decoder = FrameDecoder()
            decoder.append([0, 0, 0, UInt8(body.count)] + body + ping([1]))
            #expect(throws: WireError.self) { try decoder.next() }
            #expect(throws: WireError.self) { try decoder.next() }
        }
    }

    @Test func `more metadata than allowed is refused`() {
        let entry = Encoding.delimited(4, Encoding.text(1, "k"))
        let call = (0..<33).flatMap { _ in entry }
        let body = Encoding.delimited(1, call)
        var decoder = FrameDecoder()
        decoder.append([0, 0, UInt8(body.count >> 8), UInt8(body.count & 0xFF)] + body)
        #expect(throws: WireError(.tooMany, at: "call.metadata")) { try decoder.next() }
    }

    @Test func `a status carries its typed details`() throws {
        let violation = FieldViolation(field: "user_id", description: "is too long")
        let detail = Detail(violation)
        #expect(detail.type == "gatehouse.v1.FieldViolation")
        #expect(try FieldViolation.decode(detail.value, limits: .reply) == violation)
    }
}
