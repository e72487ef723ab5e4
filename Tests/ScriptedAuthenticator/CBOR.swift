/// Writes CBOR, also such as must be refused.
package enum CBOR {
    package static func head(_ major: UInt8, _ count: Int) -> [UInt8] {
        switch count {
        case 0..<24: [major << 5 | UInt8(count)]
        case 24..<256: [major << 5 | 24, UInt8(count)]
        default: [major << 5 | 25, UInt8(truncatingIfNeeded: count >> 8), UInt8(truncatingIfNeeded: count)]
        }
    }

    package static func integer(_ number: Int) -> [UInt8] {
        guard number < -65_536 || number > 65_535 else { return number < 0 ? head(1, -1 - number) : head(0, number) }
        let magnitude = UInt32(number < 0 ? -1 - number : number)
        return [number < 0 ? 0x3A : 0x1A] + (0..<4).reversed().map { UInt8(truncatingIfNeeded: magnitude >> (8 * $0)) }
    }

    package static func bytes(_ bytes: [UInt8]) -> [UInt8] { head(2, bytes.count) + bytes }

    package static func text(_ text: String) -> [UInt8] { head(3, text.utf8.count) + text.utf8 }

    package static func array(_ items: [[UInt8]]) -> [UInt8] { head(4, items.count) + items.flatMap(\.self) }

    package static func map(_ members: [(key: [UInt8], value: [UInt8])]) -> [UInt8] {
        head(5, members.count) + members.flatMap { $0.key + $0.value }
    }
}
