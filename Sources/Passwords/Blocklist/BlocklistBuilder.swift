internal import Glibc

/// Makes a blocklist file of lists of any length, in memory that does not grow with them.
///
/// Keys are gathered by the chunk, sorted, and written as runs beside the file, which are then merged: one pass over the
/// lists and, but for lists beyond `chunkCount` times `fanIn` keys, one over the runs.
package struct BlocklistBuilder: Sendable {
    /// Keys held in memory, eight bytes each.
    package var chunkCount = 4 << 20
    /// Runs merged at once.
    package var fanIn = 64
    /// How often a hash with a count must have been seen to be taken.
    package var minimumOccurrences = 1

    package init() {}

    /// How far the building is.
    package struct Progress: Sendable, Equatable {
        /// Bytes of the sources that were read.
        package var bytesRead = 0
        /// Bytes of all sources.
        package var bytesTotal = 0
        /// Keys that were written to the new file.
        package var keysWritten = 0
    }

    /// What came of it.
    package struct Summary: Sendable, Equatable {
        /// Keys in the file.
        package var keys = 0
        /// Lines that said what another had said.
        package var duplicates = 0
        /// Lines that stand for nothing: empty ones, comments, what can be no password, hashes seen too seldom.
        package var skipped = 0
    }

    /// Builds the file from the sources and puts it in the place of the old one in one step.
    ///
    /// - Parameters:
    ///   - sources: Lists, sorted or not.
    ///   - path: The file; names that begin with it are used on the way.
    ///   - report: Called now and then.
    /// - Returns: What is in it.
    /// - Throws: `.malformed` with the line for a list of hashes that is not one, and when there is no key; `.unreadable`;
    ///   `.unwritable`. The old file is as it was then.
    package func build(
        from sources: [BlocklistSource],
        to path: String,
        progress report: (Progress) -> Void = { _ in }
    ) throws(BlocklistError) -> Summary {
        let workshop = BlocklistWorkshop(path: path, fanIn: max(2, fanIn))
        defer { workshop.clear() }
        var gathering = Gathering(workshop: workshop, chunkCount: max(1, chunkCount))
        gathering.chunk.reserveCapacity(gathering.chunkCount)
        var progress = Progress()
        for source in sources { progress.bytesTotal += try BlocklistLines(path: source.path).fileCount ?? 0 }
        for source in sources { try read(source, into: &gathering, &progress, report) }
        let (keys, duplicates) = try gathering.finish { keysWritten in
            progress.keysWritten = keysWritten
            report(progress)
        }
        return Summary(
            keys: keys,
            duplicates: gathering.duplicates + duplicates,
            skipped: gathering.skipped
        )
    }

    private func read(
        _ source: BlocklistSource,
        into gathering: inout Gathering,
        _ progress: inout Progress,
        _ report: (Progress) -> Void
    ) throws(BlocklistError) {
        var lines = try BlocklistLines(path: source.path)
        let before = progress.bytesRead
        while let line = try lines.next() {
            switch source.read(line, minimumOccurrences: minimumOccurrences) {
            case .key(let key): try gathering.append(key)
            case .skipped: gathering.skipped += 1
            case .malformed:
                throw BlocklistError(.malformed, "line \(lines.number) of \(source.path) is no SHA-1 hash")
            }
            if before + lines.position != progress.bytesRead {
                progress.bytesRead = before + lines.position
                report(progress)
            }
        }
        progress.bytesRead = before + lines.position
    }

    /// The keys gathered so far: a chunk in memory, the others in runs.
    private struct Gathering {
        let workshop: BlocklistWorkshop
        let chunkCount: Int
        var chunk: [BlocklistKey] = []
        var duplicates = 0
        var skipped = 0

        mutating func append(_ key: BlocklistKey) throws(BlocklistError) {
            if chunk.count >= chunkCount { try writeRun() }
            chunk.append(key)
        }

        private mutating func writeRun() throws(BlocklistError) {
            chunk.sort()
            duplicates += try workshop.addRun(of: chunk)
            chunk.removeAll(keepingCapacity: true)
        }

        /// Writes the file; a list that fits into memory needs no runs.
        mutating func finish(_ report: (Int) -> Void) throws(BlocklistError) -> (keys: Int, duplicates: Int) {
            if workshop.hasRuns { try writeRun() }
            chunk.sort()
            return try workshop.writeFile(adding: chunk, report)
        }
    }
}
