internal import Cryptography
internal import Glibc

/// The files on the way to a blocklist, all beside it, removed in the end whatever happens.
final class BlocklistWorkshop {
    private let path: String
    private let fanIn: Int
    private var runs: [BlocklistDescriptor] = []
    private var made: [String] = []
    private let mark = Hex.encode(SystemRandom().bytes(6))

    init(path: String, fanIn: Int) {
        self.path = path
        self.fanIn = fanIn
    }

    var hasRuns: Bool { !runs.isEmpty }

    /// Writes sorted keys as a run; returns how many stood there twice.
    func addRun(of keys: [BlocklistKey]) throws(BlocklistError) -> Int {
        var duplicates = 0
        if runs.count >= fanIn { duplicates += try mergeRuns() }
        let file = try makeFile()
        var writer = KeyRunWriter(file, offset: 0)
        for key in keys { try writer.append(key) }
        try writer.flush()
        runs.append(file)
        return duplicates + writer.duplicates
    }

    /// Writes the runs and sorted keys as the new blocklist, and gives it its name.
    func writeFile(
        adding keys: [BlocklistKey],
        _ report: (Int) -> Void
    ) throws(BlocklistError) -> (keys: Int, duplicates: Int) {
        let file = try makeFile()
        var writer = KeyRunWriter(file, offset: BlocklistHeader.count)
        var merge = try KeyMerge(runs)
        func write(_ key: BlocklistKey) throws(BlocklistError) {
            try writer.append(key)
            if writer.count % Self.reportInterval == 0 { report(writer.count) }
        }
        while let key = try merge.next() { try write(key) }
        for key in keys { try write(key) }
        try writer.flush()
        guard writer.count > 0 else { throw BlocklistError(.malformed, "the lists hold no password") }
        try file.write(BlocklistHeader(keyCount: writer.count).bytes, at: 0)
        try file.synchronize()
        try rename(file)
        report(writer.count)
        return (writer.count, writer.duplicates)
    }

    private static let reportInterval = 1 << 20

    /// Removes what is left of the work.
    func clear() {
        runs = []
        for name in made { unsafe unlink(name) }
        made = []
    }

    /// Makes one run of all, so that there are never more than can be open.
    private func mergeRuns() throws(BlocklistError) -> Int {
        let file = try makeFile()
        var writer = KeyRunWriter(file, offset: 0)
        var merge = try KeyMerge(runs)
        while let key = try merge.next() { try writer.append(key) }
        try writer.flush()
        for run in runs { unsafe unlink(run.path) }
        runs = [file]
        return writer.duplicates
    }

    /// A file of a name that no other builder uses.
    private func makeFile() throws(BlocklistError) -> BlocklistDescriptor {
        let name = "\(path).\(mark).\(made.count).new"
        let file = try BlocklistDescriptor(creating: name)
        made.append(name)
        return file
    }

    private func rename(_ file: BlocklistDescriptor) throws(BlocklistError) {
        guard unsafe Glibc.rename(file.path, path) == 0 else {
            throw BlocklistError(.unwritable, "\(path) cannot be replaced: \(BlocklistDescriptor.reason())")
        }
        let directory = path.lastIndex(of: "/").map { path[...$0] } ?? "."
        try BlocklistDescriptor(reading: String(directory)).synchronize()
    }
}
