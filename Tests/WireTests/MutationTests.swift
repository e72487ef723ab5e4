import Testing

@testable import Wire

/// A bounded, repeatable relative of Tests/Fuzz: mutated messages either decode or throw, and what decodes is stable.
@Suite struct MutationTests {
    private static let seeds = Golden.all.map { ($0.type, $0.bytes) }

    private func mutated(_ seed: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = seed
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let position = Int.random(in: 0...bytes.count, using: &generator)
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: position)
            case 1 where position < bytes.count: bytes.remove(at: position)
            case 2 where position < bytes.count: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 3: bytes.removeSubrange(position...)
            default: bytes.insert(contentsOf: bytes.prefix(position), at: position)
            }
        }
        return bytes
    }

    @Test func `mutated messages decode to something stable or are refused`() throws {
        var generator = SeededGenerator(seed: 0x6761_7465)
        var accepted = 0
        for round in 0..<200_000 {
            let (type, seed) = Self.seeds[round % Self.seeds.count]
            let bytes = mutated(seed, &generator)
            guard let message = try? type.decode(bytes, limits: DecodingLimits(maximumBytes: 4096)) else { continue }
            accepted += 1
            let again = try type.decode(message.encoded(), limits: .reply).encoded()
            if again != message.encoded() { Issue.record("not stable: \(bytes)") }
        }
        #expect(accepted > 1000)
        #expect(accepted < 190_000)
    }

    @Test func `mutated JSON is read or refused`() {
        var generator = SeededGenerator(seed: 0x6A73_6F6E)
        for round in 0..<40_000 {
            let golden = Golden.all[round % Golden.all.count]
            let json = mutated(Array(golden.json.utf8), &generator)
            guard let bytes = try? JSONTranscoder.decode(json: json, as: golden.type.fullName) else { continue }
            #expect(throws: Never.self) { try JSONTranscoder.encode(bytes, as: golden.type.fullName) }
        }
    }

    @Test func `mutated streams never put the frame decoder out of bounds`() {
        var generator = SeededGenerator(seed: 0x6672_616D)
        let stream = [
            Frame.ping(PingFrame(opaque: [1, 2])), .cancel(CancelFrame(callID: 9)), .end(EndFrame(callID: 1)),
        ]
        .flatMap { $0.encodedWithLength() }
        for _ in 0..<40_000 {
            var decoder = FrameDecoder(maximumFrameBytes: 64)
            var rest = mutated(stream, &generator)[...]
            while !rest.isEmpty {
                let chunk = rest.prefix(Int.random(in: 1...16, using: &generator))
                rest = rest.dropFirst(chunk.count)
                decoder.append(chunk)
                while let frame = try? decoder.next() { _ = frame.encodedWithLength() }
                if decoder.bufferedBytes > 64 + 4 { Issue.record("buffered \(decoder.bufferedBytes)") }
            }
        }
    }
}
