/// Ascending keys, wherever they are kept.
protocol BlocklistKeys: Sendable {
    var count: Int { get }
    /// The keys at some places.
    func keys(at places: Range<Int>) throws(BlocklistError) -> [BlocklistKey]
}

extension BlocklistKeys {
    /// Whether a key is among them.
    ///
    /// Hashes are spread evenly, so the place of a key can be guessed from its value: a list of a billion is answered with
    /// three or four reads of a page. Each third guess is the middle instead, so that a list that is not spread evenly
    /// costs no more than three times what halving does.
    func contain(_ key: BlocklistKey) throws(BlocklistError) -> Bool {
        var (low, high) = (0, count)
        // All keys between the two places are between the two values.
        var (least, most) = (UInt64.min, UInt64.max)
        var guesses = 0
        while low < high {
            guesses += 1
            let share = guesses % 3 == 0 ? 0.5 : Double(key.value - least) / Double(most - least)
            let middle = low + Int(share * Double(high - low)) - BlocklistPage.keyCount / 2
            let start = max(low, min(middle, high - BlocklistPage.keyCount))
            let page = try keys(at: start..<min(start + BlocklistPage.keyCount, high))
            guard let first = page.first, let last = page.last else { return false }
            if key < first {
                (high, most) = (start, first.value)
            } else if last < key {
                (low, least) = (start + page.count, last.value)
            } else {
                return page.contains(key)
            }
        }
        return false
    }
}

/// How much is read at once: a page of the system's cache.
enum BlocklistPage {
    static let keyCount = 512
}

/// Keys in memory, for a list that is too short to be worth a file.
struct KeysInMemory: BlocklistKeys {
    private let keys: [BlocklistKey]

    init(_ keys: some Sequence<BlocklistKey>) {
        self.keys = Set(keys).sorted()
    }

    var count: Int { keys.count }

    func keys(at places: Range<Int>) -> [BlocklistKey] { Array(keys[places]) }
}

/// Keys in a file that stays open.
///
/// Read by `pread`, not mapped: were the file cut short in use, a mapping would end the process, and a read is an error.
struct KeysInFile: BlocklistKeys {
    let file: BlocklistDescriptor
    let count: Int

    func keys(at places: Range<Int>) throws(BlocklistError) -> [BlocklistKey] {
        let bytes = try file.read(
            places.count * BlocklistKey.count,
            at: BlocklistHeader.count + places.lowerBound * BlocklistKey.count
        )
        guard bytes.count == places.count * BlocklistKey.count else {
            throw BlocklistError(.unreadable, "the blocklist \(file.path) was cut short while it was in use")
        }
        return BlocklistKey.decode(bytes)
    }
}

extension BlocklistKey {
    /// The keys that stand in some bytes, high byte first.
    static func decode(_ bytes: [UInt8]) -> [BlocklistKey] {
        stride(from: 0, to: bytes.count - bytes.count % count, by: count).map { start in
            var value: UInt64 = 0
            for byte in bytes[start..<start + count] { value = value << 8 | UInt64(byte) }
            return BlocklistKey(value)
        }
    }
}
