import Cryptography
import Synchronization

/// A source that gives the numbers it was told, in order.
final class ScriptedRandom: RandomSource {
    private let numbers: Mutex<[UInt32]>

    init(_ numbers: [UInt32]) {
        self.numbers = Mutex(numbers.reversed())
    }

    /// The next number's bytes in the machine's order, as `uniform` reads them.
    func bytes(_ count: Int) -> [UInt8] {
        let number = numbers.withLock { $0.popLast() } ?? 0
        return withUnsafeBytes(of: number) { Array($0.prefix(count)) }
    }

    func secret(_ count: Int) -> SecretBytes {
        SecretBytes(copying: bytes(count))
    }
}

/// A source whose bytes count up from zero.
struct CountingRandom: RandomSource {
    func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0) }
    }

    func secret(_ count: Int) -> SecretBytes {
        SecretBytes(copying: bytes(count))
    }
}
