/// Writes ascending keys to a new file, each once.
struct KeyRunWriter {
    private let file: BlocklistDescriptor
    private var buffer: [UInt8] = []
    private var place: Int
    private var last: BlocklistKey?
    private(set) var count = 0
    private(set) var duplicates = 0

    private static let bufferCount = 1 << 20

    /// Begins to write behind `offset` bytes that are left for a header.
    init(_ file: BlocklistDescriptor, offset: Int) {
        self.file = file
        place = offset
        buffer.reserveCapacity(Self.bufferCount)
    }

    /// Writes a key that is not below the one before.
    mutating func append(_ key: BlocklistKey) throws(BlocklistError) {
        guard key != last else {
            duplicates += 1
            return
        }
        last = key
        count += 1
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            buffer.append(UInt8(truncatingIfNeeded: key.value >> shift))
        }
        if buffer.count >= Self.bufferCount { try flush() }
    }

    /// Writes what is held back.
    mutating func flush() throws(BlocklistError) {
        try file.write(buffer, at: place)
        place += buffer.count
        buffer.removeAll(keepingCapacity: true)
    }
}

/// Reads the keys of a run from first to last.
struct KeyRunReader {
    private let file: BlocklistDescriptor
    private var place = 0
    private var keys: [BlocklistKey] = []
    private var index = 0

    private static let pieceCount = 32_768

    init(_ file: BlocklistDescriptor) {
        self.file = file
    }

    mutating func next() throws(BlocklistError) -> BlocklistKey? {
        if index == keys.count {
            let bytes = try file.read(Self.pieceCount * BlocklistKey.count, at: place)
            guard !bytes.isEmpty else { return nil }
            place += bytes.count
            (keys, index) = (BlocklistKey.decode(bytes), 0)
        }
        defer { index += 1 }
        return keys[index]
    }
}
