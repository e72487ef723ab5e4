import Cryptography
import Foundation
import InternationalNames
import Testing

@testable import Passwords

/// Compiling lists of any order and length in bounded memory (SECURITY PW-06).
struct BlocklistBuilderTests {
    private let directory: TemporaryDirectory
    private let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.path + "/blocklist"
    }

    private static func hash(_ password: String) -> String { Hex.encode(SHA1.digest(of: password.utf8)).uppercased() }

    private func contains(_ password: String) throws -> Bool {
        try Blocklist(path: path).contains(OpaqueString(password))
    }

    @Test func `The known hash of a common password is found`() throws {
        // FIPS 180-4 has the hash of "abc"; that of "password" heads every public list.
        let lines = ["5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:9659365", "A9993E364706816ABA3E25717850C26C9CD0D89D"]
        let source = BlocklistSource(path: try directory.file("hashes", lines: lines), kind: .hashes)
        let summary = try BlocklistBuilder().build(from: [source], to: path)
        #expect(summary == .init(keys: 2, duplicates: 0, skipped: 0))
        #expect(try contains("password"))
        #expect(try contains("abc"))
        #expect(try !contains("password1"))
    }

    @Test(arguments: [(1, 2), (7, 2), (10, 3), (16, 64), (100, 2), (120, 2), (100_000, 2)])
    func `Unsorted lists are sorted whatever fits into memory`(chunkCount: Int, fanIn: Int) throws {
        let words = (0..<120).map { "breached password \($0 % 100)" }
        let source = BlocklistSource(path: try directory.file("h", lines: words.map(Self.hash)), kind: .hashes)
        var builder = BlocklistBuilder()
        (builder.chunkCount, builder.fanIn) = (chunkCount, fanIn)
        let summary = try builder.build(from: [source], to: path)
        #expect(summary == .init(keys: 100, duplicates: 20, skipped: 0))
        let list = try Blocklist(path: path)
        try list.verify()
        #expect(list.count == 100)
        for number in 0..<100 { #expect(try list.contains(OpaqueString("breached password \(number)"))) }
        for number in 100..<200 { #expect(try !list.contains(OpaqueString("breached password \(number)"))) }
        #expect(try directory.names == ["blocklist", "h"])
    }

    @Test func `Any order and any chunk give the same bytes`() throws {
        let hashes = (0..<300).map { Self.hash("\($0)") }
        var files: Set<Data> = []
        for (order, chunkCount) in [(hashes, 16), (hashes.sorted(), 1000), (hashes.reversed(), 50)] {
            let source = BlocklistSource(path: try directory.file("h", lines: order), kind: .hashes)
            var builder = BlocklistBuilder()
            builder.chunkCount = chunkCount
            _ = try builder.build(from: [source], to: path)
            files.insert(try Data(contentsOf: URL(fileURLWithPath: path)))
        }
        #expect(files.count == 1)
        #expect(files.first?.count == 32 + 300 * 8)
    }

    @Test func `Lists in clear and lists of hashes make one file`() throws {
        let hashes = BlocklistSource(path: try directory.file("h", lines: [Self.hash("Trustno1")]), kind: .hashes)
        let words = BlocklistSource(
            path: try directory.file("w", lines: ["#!comment: not this one", "letmein", "", "QWERTY", "tab\there"]),
            kind: .passwords
        )
        let summary = try BlocklistBuilder().build(from: [hashes, words], to: path)
        #expect(summary == .init(keys: 3, duplicates: 0, skipped: 3))
        #expect(try contains("Trustno1") && contains("letmein") && contains("qwerty"))
        #expect(try !contains("#!comment: not this one"))
    }

    @Test func `Words that are not UTF-8 are left out and counted`() throws {
        let bytes = Array("caf".utf8) + [0xE9, 0x0A] + Array("good one\n".utf8)
        let source = BlocklistSource(path: try directory.file("w", bytes), kind: .passwords)
        #expect(try BlocklistBuilder().build(from: [source], to: path) == .init(keys: 1, duplicates: 0, skipped: 1))
    }

    @Test func `Lines may end as on Windows, and the last one not at all`() throws {
        let text = "\(Self.hash("one")):3\r\n\(Self.hash("two").lowercased())\r\n\r\n\(Self.hash("three"))"
        let source = BlocklistSource(path: try directory.file("h", Array(text.utf8)), kind: .hashes)
        #expect(try BlocklistBuilder().build(from: [source], to: path) == .init(keys: 3, duplicates: 0, skipped: 1))
        #expect(try contains("one") && contains("two") && contains("three"))
    }

    @Test func `Hashes seen too seldom are left out`() throws {
        let lines = ["\(Self.hash("rare")):9", "\(Self.hash("frequent")):10", Self.hash("uncounted")]
        let source = BlocklistSource(path: try directory.file("h", lines: lines), kind: .hashes)
        var builder = BlocklistBuilder()
        builder.minimumOccurrences = 10
        #expect(try builder.build(from: [source], to: path) == .init(keys: 2, duplicates: 0, skipped: 1))
        #expect(try !contains("rare"))
        #expect(try contains("frequent") && contains("uncounted"))
    }

    @Test(arguments: [
        "password", "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD", "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FDG",
        "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:", "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:-1",
        "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:+1", "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8 1",
        "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:9999999999999999999", " 5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8",
        "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD88",
        "\u{FF15}BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8",
    ])
    func `A line that is no hash is named, and the old file stays`(line: String) throws {
        let old = try directory.file("blocklist", Array("old".utf8))
        let source = BlocklistSource(path: try directory.file("h", lines: [Self.hash("one"), line]), kind: .hashes)
        var builder = BlocklistBuilder()
        builder.chunkCount = 1
        let error = #expect(throws: BlocklistError.self) { try builder.build(from: [source], to: path) }
        #expect(error?.code == .malformed)
        #expect(error?.message.contains("line 2 of \(source.path)") == true)
        #expect(error?.message.contains(line) == false)
        #expect(try Data(contentsOf: URL(fileURLWithPath: old)) == Data("old".utf8))
        #expect(try directory.names == ["blocklist", "h"])
    }

    @Test func `A line without end is refused, not gathered`() throws {
        let endless = [UInt8](repeating: UInt8(ascii: "A"), count: 10_000)
        for kind in BlocklistSource.Kind.allCases {
            let source = BlocklistSource(path: try directory.file("h", endless), kind: kind)
            #expect(throws: BlocklistError.self) { try BlocklistBuilder().build(from: [source], to: path) }
        }
    }

    @Test func `Lists without a password make no file`() throws {
        let source = BlocklistSource(path: try directory.file("h", lines: ["", ""]), kind: .hashes)
        let error = #expect(throws: BlocklistError.self) { try BlocklistBuilder().build(from: [source], to: path) }
        #expect(error?.code == .malformed)
        #expect(throws: BlocklistError.self) { try BlocklistBuilder().build(from: [], to: path) }
        #expect(try directory.names == ["h"])
    }

    @Test func `What is not there or cannot be written is said`() throws {
        let missing = BlocklistSource(path: directory.path + "/missing", kind: .hashes)
        #expect(throws: BlocklistError.self) { try BlocklistBuilder().build(from: [missing], to: path) }
        let folder = BlocklistSource(path: directory.path, kind: .passwords)
        #expect(throws: BlocklistError.self) { try BlocklistBuilder().build(from: [folder], to: path) }
        let source = BlocklistSource(path: try directory.file("h", lines: [Self.hash("one")]), kind: .hashes)
        let error = #expect(throws: BlocklistError.self) {
            try BlocklistBuilder().build(from: [source], to: directory.path + "/none/blocklist")
        }
        #expect(error?.code == .unwritable)
    }

    @Test func `Progress comes to the end of the sources and to all keys`() throws {
        let hashes = (0..<30_000).map { Self.hash("\($0)") }
        let sources = try [hashes.prefix(15_000), hashes.suffix(15_000)].enumerated().map { index, lines in
            BlocklistSource(path: try directory.file("h\(index)", lines: Array(lines)), kind: .hashes)
        }
        var reports: [BlocklistBuilder.Progress] = []
        _ = try BlocklistBuilder().build(from: sources, to: path) { reports.append($0) }
        let total = 30_000 * 41
        #expect(reports.last == .init(bytesRead: total, bytesTotal: total, keysWritten: 30_000))
        #expect(reports.count >= 3)
        #expect(zip(reports, reports.dropFirst()).allSatisfy { $0.bytesRead <= $1.bytesRead })
    }

    @Test func `A reader keeps the file it has opened when a new one takes its place`() throws {
        let old = BlocklistSource(path: try directory.file("h", lines: [Self.hash("old one")]), kind: .hashes)
        _ = try BlocklistBuilder().build(from: [old], to: path)
        let reader = try Blocklist(path: path)
        let new = BlocklistSource(path: try directory.file("h", lines: [Self.hash("new one")]), kind: .hashes)
        _ = try BlocklistBuilder().build(from: [new], to: path)
        #expect(try reader.contains(OpaqueString("old one")) && !reader.contains(OpaqueString("new one")))
        #expect(try contains("new one") && !contains("old one"))
    }
}
