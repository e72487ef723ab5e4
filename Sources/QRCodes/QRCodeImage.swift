internal import Cryptography

/// The squares of a code, and how they are written as SVG.
struct QRCodeImage {
    /// Squares of a side, without the quiet zone.
    let width: Int
    /// Whether the square at a row and column is dark.
    let isDark: (_ row: Int, _ column: Int) -> Bool

    /// Light squares around the code (ISO/IEC 18004 section 6.3.8).
    static let quietZone = 4

    /// Measures first and writes then, so that no part of the image is left in memory that nobody erases.
    func svg() -> SecretBytes {
        var count = 0
        write { _ in count += 1 }
        return unsafe SecretBytes(count: count) { output in
            var place = 0
            write { byte in
                unsafe output[place] = byte
                place += 1
            }
        }
    }

    /// One path whose strokes, one square thick, are the runs of dark squares of each row.
    private func write(_ emit: (UInt8) -> Void) {
        let side = width + 2 * Self.quietZone
        func put(_ text: StaticString) {
            unsafe UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount).forEach(emit)
        }
        func put(_ number: Int) {
            if number >= 10 { put(number / 10) }
            emit(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10))
        }
        put("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")
        put(side)
        put(" ")
        put(side)
        put("\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h")
        put(side)
        put("v")
        put(side)
        put("H0z\"/><path stroke=\"#000\" d=\"")
        for row in 0..<width {
            for run in runs(of: row) {
                put("M")
                put(run.lowerBound + Self.quietZone)
                put(" ")
                put(row + Self.quietZone)
                put(".5h")
                put(run.count)
            }
        }
        put("\"/></svg>")
    }

    /// The columns of a row that are dark, in runs.
    private func runs(of row: Int) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var start: Int?
        for column in 0...width {
            let isDark = column < width && isDark(row, column)
            if isDark, start == nil { start = column }
            if !isDark, let begun = start {
                runs.append(begun..<column)
                start = nil
            }
        }
        return runs
    }
}
