import Cryptography
import QRCodes
import Testing

struct QRCodeTests {
    private func drawing(_ text: String) throws -> Drawing {
        let image = try #require(QRCode.svg(of: SecretBytes(utf8: text))?.validatedUTF8String())
        return try #require(Drawing(image))
    }

    @Test func `A code is dark on light, within a quiet zone, and holds no more than its squares`() throws {
        let image = try #require(QRCode.svg(of: SecretBytes(utf8: "HELLO"))?.validatedUTF8String())
        let before =
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 29 29\" shape-rendering=\"crispEdges\">"
            + "<path fill=\"#fff\" d=\"M0 0h29v29H0z\"/><path stroke=\"#000\" d=\""
        #expect(image.hasPrefix(before) && image.hasSuffix("\"/></svg>"))
        let squares = image.dropFirst(before.count).dropLast("\"/></svg>".count)
        #expect(squares.allSatisfy { "Mh .0123456789".contains($0) })
    }

    /// The three finder patterns, the timing patterns and the dark module of ISO/IEC 18004 sections 6.3.3 to 6.3.5.
    @Test(arguments: [1, 14, 15, 300, 1300, QRCode.maximumByteCount])
    func `the fixed patterns of the standard are where it wants them`(length: Int) throws {
        let drawing = try drawing(String(repeating: "x", count: length))
        let width = drawing.side - 8
        #expect((width - 17) % 4 == 0 && (21...177).contains(width))
        #expect(drawing.dark.allSatisfy { (4..<drawing.side - 4).contains($0.row) })
        #expect(drawing.dark.allSatisfy { (4..<drawing.side - 4).contains($0.column) })
        for (top, left) in [(0, 0), (0, width - 7), (width - 7, 0)] {
            for row in 0..<7 {
                for column in 0..<7 {
                    let ring = max(abs(row - 3), abs(column - 3))
                    #expect(drawing.isDark(top + row, left + column) == (ring != 2))
                }
            }
        }
        for place in 8..<width - 8 {
            #expect(drawing.isDark(6, place) == place.isMultiple(of: 2))
            #expect(drawing.isDark(place, 6) == place.isMultiple(of: 2))
        }
        #expect(drawing.isDark(width - 8, 8))
    }

    /// Byte mode at level M, as the standard's capacities say.
    @Test(arguments: [(14, 21), (15, 25), (26, 25), (27, 29), (213, 57), (2000, 169)])
    func `the code is as small as its text allows`(length: Int, width: Int) throws {
        #expect(try drawing(String(repeating: "a", count: length)).side == width + 8)
    }

    @Test func `nothing of the text becomes markup`() throws {
        let image = try #require(
            QRCode.svg(of: SecretBytes(utf8: "\"/><script>alert(1)</script>\u{0}&amp;"))?.validatedUTF8String()
        )
        #expect(!image.contains("script") && !image.contains("&") && image.split(separator: "<").count == 4)
    }

    @Test func `no text and too much text are not drawn, and the largest image is bounded`() throws {
        #expect(QRCode.svg(of: SecretBytes(utf8: "")) == nil)
        let limit = QRCode.maximumByteCount
        #expect(QRCode.svg(of: SecretBytes(utf8: String(repeating: "a", count: limit + 1))) == nil)
        let largest = try #require(QRCode.svg(of: SecretBytes(utf8: String(repeating: "a", count: limit))))
        #expect(largest.count < 128 * 1024)
    }
}

/// The squares of an image, read back from its path.
private struct Drawing {
    struct Square: Hashable { let row, column: Int }

    let side: Int
    let dark: Set<Square>

    init?(_ image: String) {
        let viewBox = image.split(separator: "viewBox=\"0 0 ").dropFirst().first?.prefix { $0 != " " }
        let path = image.split(separator: "stroke=\"#000\" d=\"").dropFirst().first?.prefix { $0 != "\"" }
        guard let viewBox, let path, let side = Int(viewBox) else { return nil }
        var dark: Set<Square> = []
        for run in path.split(separator: "M") {
            let numbers = run.split { " .h".contains($0) }.compactMap { Int($0) }
            guard numbers.count == 4, numbers[2] == 5 else { return nil }
            for column in numbers[0]..<numbers[0] + numbers[3] {
                guard dark.insert(Square(row: numbers[1], column: column)).inserted else { return nil }
            }
        }
        self.side = side
        self.dark = dark
    }

    /// A square of the code itself, without the quiet zone.
    func isDark(_ row: Int, _ column: Int) -> Bool {
        dark.contains(Square(row: row + 4, column: column + 4))
    }
}
