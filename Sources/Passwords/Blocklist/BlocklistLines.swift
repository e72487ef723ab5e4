/// The lines of a file, read piece by piece.
struct BlocklistLines {
    private let file: BlocklistDescriptor
    private var buffer: [UInt8] = []
    /// Where in the buffer the next line begins.
    private var start = 0
    private var isAtEnd = false

    /// Bytes of the file that were read.
    private(set) var position = 0
    /// How many lines were given out.
    private(set) var number = 0
    /// Bytes of the file; nil for a pipe.
    let fileCount: Int?

    private static let pieceCount = 1 << 20
    static let longestLine = 4096

    init(path: String) throws(BlocklistError) {
        file = try BlocklistDescriptor(reading: path)
        fileCount = file.count
        guard fileCount != nil else { throw BlocklistError(.unreadable, "\(path) is not a regular file") }
    }

    /// The next line without what ends it, LF or CR LF; nil after the last.
    mutating func next() throws(BlocklistError) -> ArraySlice<UInt8>? {
        while true {
            if let end = buffer[start...].firstIndex(of: UInt8(ascii: "\n")) { return try line(to: end, skipping: 1) }
            guard !isAtEnd else { return start < buffer.count ? try line(to: buffer.count, skipping: 0) : nil }
            guard buffer.count - start <= Self.longestLine else { throw tooLong }
            try readPiece()
        }
    }

    private mutating func readPiece() throws(BlocklistError) {
        let rest = buffer[start...]
        let piece = try file.read(Self.pieceCount, at: position)
        position += piece.count
        isAtEnd = piece.isEmpty
        buffer = rest.isEmpty ? piece : Array(rest + piece)
        start = 0
    }

    private mutating func line(to end: Int, skipping count: Int) throws(BlocklistError) -> ArraySlice<UInt8> {
        defer { start = end + count }
        number += 1
        guard end - start <= Self.longestLine else { throw tooLong }
        return buffer[start..<end].last == UInt8(ascii: "\r") ? buffer[start..<end - 1] : buffer[start..<end]
    }

    private var tooLong: BlocklistError {
        BlocklistError(.malformed, "line \(number + 1) of \(file.path) is longer than \(Self.longestLine) bytes")
    }
}
