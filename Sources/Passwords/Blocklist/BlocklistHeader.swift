/// The first 32 bytes of a blocklist file; the keys follow, ascending, each once, eight bytes each, high byte first.
///
/// | bytes | what |
/// |---|---|
/// | 0..7 | `GHBLKLST` |
/// | 8..11 | version of the layout, 1 |
/// | 12..15 | bytes of a key, 8 |
/// | 16..23 | number of keys |
/// | 24..31 | zero |
struct BlocklistHeader {
    static let count = 32
    private static let magic = Array("GHBLKLST".utf8)
    private static let version: UInt32 = 1

    let keyCount: Int

    var bytes: [UInt8] {
        Self.magic + Self.bytes(UInt64(Self.version) << 32 | UInt64(BlocklistKey.count))
            + Self.bytes(UInt64(clamping: keyCount)) + Self.bytes(0)
    }

    init(keyCount: Int) {
        self.keyCount = keyCount
    }

    /// Reads the header of a file of `fileCount` bytes.
    init(_ bytes: [UInt8], fileCount: Int) throws(BlocklistError) {
        guard bytes.count == Self.count, bytes.starts(with: Self.magic) else {
            throw BlocklistError(.malformed, "it does not begin as a blocklist does")
        }
        let words = stride(from: 8, to: Self.count, by: 8).map { start in
            bytes[start..<start + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        }
        guard words[0] == UInt64(Self.version) << 32 | UInt64(BlocklistKey.count), words[2] == 0 else {
            throw BlocklistError(.malformed, "it is of a layout that this version does not know")
        }
        guard let keyCount = Int(exactly: words[1]), keyCount > 0 else {
            throw BlocklistError(.malformed, "it says to hold no keys")
        }
        let (keyBytes, overflow) = keyCount.multipliedReportingOverflow(by: BlocklistKey.count)
        guard !overflow, keyBytes == fileCount - Self.count else {
            throw BlocklistError(.malformed, "it is cut short or too long for the number of its keys")
        }
        self.keyCount = keyCount
    }

    private static func bytes(_ word: UInt64) -> [UInt8] {
        stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> UInt64($0)) }
    }
}
