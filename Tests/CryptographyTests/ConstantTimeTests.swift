import Testing

@testable import Cryptography

/// SECURITY PW-16.
///
/// What it is measured to take is told, and decides nothing: another program's turn may be in it.
struct ConstantTimeTests {
    private static let byteCount = 16_384

    private func bytes(changedAt place: Int?) -> [UInt8] {
        var bytes = [UInt8](repeating: 0x5A, count: Self.byteCount)
        if let place { bytes[place] ^= 1 }
        return bytes
    }

    @Test func `a difference in any single bit of any byte is one`() {
        let value = [UInt8](0..<64)
        #expect(ConstantTime.areEqual(value, value))
        for place in value.indices {
            for bit in 0..<8 {
                var other = value
                other[place] ^= 1 << bit
                #expect(!ConstantTime.areEqual(value, other))
            }
        }
        #expect(!ConstantTime.areEqual(value, Array(value.dropLast())))
        #expect(!ConstantTime.areEqual(value, value + [0]))
        #expect(!ConstantTime.areEqual([], [0]))
        #expect(ConstantTime.areEqual([], []))
    }

    @Test func `the first byte and the last differ after the same time`() {
        let value = bytes(changedAt: nil)
        let others = [
            "first byte": bytes(changedAt: 0), "last byte": bytes(changedAt: Self.byteCount - 1),
            "nowhere": bytes(changedAt: nil),
        ]
        var times: [String: [Duration]] = [:]
        let clock = ContinuousClock()
        for _ in 0..<2000 {
            for (place, other) in others.shuffled() {
                var isEqual = false
                times[place, default: []].append(clock.measure { isEqual = ConstantTime.areEqual(value, other) })
                #expect(isEqual == (place == "nowhere"))
            }
        }
        for (place, taken) in times.sorted(by: { $0.key < $1.key }) {
            let sorted = taken.sorted()
            print("comparing \(Self.byteCount) bytes that differ in the \(place): median \(sorted[sorted.count / 2])")
        }
    }
}
