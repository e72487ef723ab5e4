package import InternationalNames

/// Passwords that nobody may choose, kept as short hashes (SECURITY PW-06); nothing in it gives a password away.
package struct Blocklist: Sendable {
    private let keys: any BlocklistKeys

    init(keys: any BlocklistKeys) {
        self.keys = keys
    }

    /// Longest list that is kept in memory, in words.
    package static let maximumWordCount = 1_000_000

    /// Opens a file that `BlocklistBuilder` made; it stays open, and replacing it by another changes nothing.
    ///
    /// - Throws: `.unreadable`; `.malformed` for a file that is not whole. The order of its keys is checked by `verify`.
    package init(path: String) throws(BlocklistError) {
        let file = try BlocklistDescriptor(reading: path)
        guard let count = file.count else { throw BlocklistError(.unreadable, "\(path) is not a regular file") }
        do {
            let header = try BlocklistHeader(file.read(BlocklistHeader.count, at: 0), fileCount: count)
            keys = KeysInFile(file: file, count: header.keyCount)
        } catch  where error.code == .malformed {
            throw BlocklistError(.malformed, "\(path) is no blocklist: \(error.message)")
        }
    }

    /// Keeps some passwords in memory.
    package init(passwords: some Sequence<String>) {
        keys = KeysInMemory(passwords.compactMap { BlocklistKey(listed: $0.utf8) })
    }

    /// Reads a short list of passwords in clear, one a line, into memory.
    ///
    /// - Throws: `.unreadable`; `.malformed` for a list of more than `maximumWordCount` lines, which wants building.
    package init(wordsAt path: String) throws(BlocklistError) {
        var listed: Set<BlocklistKey> = []
        var lines = try BlocklistLines(path: path)
        while let line = try lines.next() {
            guard lines.number <= Self.maximumWordCount else {
                throw BlocklistError(.malformed, "\(path) is too long to be kept in memory; build a blocklist of it")
            }
            if let key = BlocklistSource.key(ofWord: line) { listed.insert(key) }
        }
        keys = KeysInMemory(listed)
    }

    /// How many passwords it holds.
    package var count: Int { keys.count }

    /// Whether a password is on the list, in this spelling or one that differs by case alone.
    ///
    /// For a list that was built from hashes, "by case alone" means all small, all capital or first capital.
    ///
    /// - Throws: `.unreadable` when the file fails in use.
    package func contains(_ password: OpaqueString) throws(BlocklistError) -> Bool {
        for key in Set(BlocklistKey.all(of: password.text)) where try keys.contain(key) { return true }
        return false
    }

    /// Reads the whole list, to know that its keys ascend: in a list where they do not, some would not be found.
    ///
    /// - Throws: `.malformed` or `.unreadable`.
    package func verify() throws(BlocklistError) {
        var last: BlocklistKey?
        for start in stride(from: 0, to: count, by: Self.stretch) {
            for key in try keys.keys(at: start..<min(start + Self.stretch, count)) {
                if let last, key <= last { throw BlocklistError(.malformed, "the keys of the blocklist do not ascend") }
                last = key
            }
        }
    }

    private static let stretch = 65_536
}
