/// Builds encodings by hand, also wrong ones.
enum Encoding {
    static func varint(_ value: UInt64) -> [UInt8] {
        var result: [UInt8] = []
        var rest = value
        while rest > 0x7F {
            result.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return result + [UInt8(rest)]
    }

    static func tag(_ field: UInt32, _ wireType: UInt8) -> [UInt8] { varint(UInt64(field) << 3 | UInt64(wireType)) }

    static func number(_ field: UInt32, _ value: UInt64) -> [UInt8] { tag(field, 0) + varint(value) }

    static func delimited(_ field: UInt32, _ bytes: [UInt8]) -> [UInt8] {
        tag(field, 2) + varint(UInt64(bytes.count)) + bytes
    }

    static func text(_ field: UInt32, _ text: String) -> [UInt8] { delimited(field, Array(text.utf8)) }
}

extension [UInt8] {
    init(repeatingPair pair: (UInt8, UInt8), count: Int) {
        self.init(repeating: pair.0, count: 2 * count)
        for index in 0..<count { self[2 * index + 1] = pair.1 }
    }
}

/// A small generator with a seed, so that a failure can be run again.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
