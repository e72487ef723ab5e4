import Cryptography
import Foundation
import InternationalNames
import Synchronization
import Testing

@testable import Passwords

/// Looking passwords up, and files that are no blocklists (SECURITY PW-06).
struct BlocklistTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// A file of some keys as they are given, in order or not.
    private func file(
        keys: [UInt64],
        change: (inout [UInt8]) -> Void = { _ in }
    ) throws -> String {
        var bytes = BlocklistHeader(keyCount: keys.count).bytes
        for key in keys {
            for shift in stride(from: UInt64(56), through: 0, by: -8) { bytes.append(UInt8(key >> shift & 255)) }
        }
        change(&bytes)
        return try directory.file("blocklist", bytes)
    }

    private func expectMalformed(_ says: String, _ path: String) {
        let error = #expect(throws: BlocklistError.self) { try Blocklist(path: path) }
        #expect(error?.code == .malformed)
        #expect(error?.message.contains(says) == true)
        #expect(error?.message.contains(path) == true)
    }

    @Test func `A file that is something else is refused when it is opened`() throws {
        expectMalformed("begin", try file(keys: [1, 2]) { $0[0] ^= 1 })
        expectMalformed("begin", try directory.file("text", Array(repeating: UInt8(ascii: "x"), count: 100)))
        expectMalformed("begin", try directory.file("empty", [UInt8]()))
        expectMalformed("begin", try directory.file("short", BlocklistHeader(keyCount: 1).bytes.dropLast()))
    }

    @Test func `A file of another layout is refused when it is opened`() throws {
        for place in [8, 11, 12, 15, 24, 31] { expectMalformed("layout", try file(keys: [1]) { $0[place] ^= 0x80 }) }
    }

    @Test func `A file that is cut short or too long is refused when it is opened`() throws {
        expectMalformed("cut short", try file(keys: [1, 2]) { $0.removeLast() })
        expectMalformed("cut short", try file(keys: [1, 2]) { $0.removeLast(8) })
        expectMalformed("cut short", try file(keys: [1, 2]) { $0.append(0) })
        // A number of keys whose bytes do not fit into 64 bits.
        expectMalformed("cut short", try file(keys: [1, 2]) { $0[16] = 0x20 })
        expectMalformed("no keys", try file(keys: [1, 2]) { $0[16] = 0x80 })
        expectMalformed("no keys", try file(keys: []))
    }

    @Test func `What is no file is refused`() throws {
        for path in [directory.path, directory.path + "/missing", "/dev/zero"] {
            let error = #expect(throws: BlocklistError.self) { try Blocklist(path: path) }
            #expect(error?.code == .unreadable)
        }
    }

    @Test(arguments: [[2, 1], [1, 1], [1, 3, 2], Array(repeating: 7, count: 3)])
    func `Keys that do not ascend are found by the check`(keys: [UInt64]) throws {
        let list = try Blocklist(path: file(keys: keys))
        #expect(throws: BlocklistError.self) { try list.verify() }
    }

    @Test func `The check looks across the stretches that it reads`() throws {
        var keys = (0..<70_000).map { UInt64($0) << 40 }
        try Blocklist(path: file(keys: keys)).verify()
        keys[65_536] = keys[65_535]
        let list = try Blocklist(path: file(keys: keys))
        #expect(throws: BlocklistError.self) { try list.verify() }
    }

    @Test func `A file that is cut short in use is an error, not the end of the process`() throws {
        let path = try file(keys: (0..<5000).map { UInt64($0) << 50 })
        let list = try Blocklist(path: path)
        #expect(truncate(path, 40) == 0)
        let error = #expect(throws: BlocklistError.self) { try list.contains(OpaqueString("password")) }
        #expect(error?.code == .unreadable)
    }

    @Test func `Every key of a list is found and none beside it, however they are spread`() throws {
        let even = (0..<20_000).map { UInt64($0) &* 0x9E37_79B9_7F4A_7C15 }
        let crowded = (0..<5000).map { UInt64($0) * 3 } + (0..<5000).map { UInt64.max - UInt64($0) * 3 }
        let growing = (0..<63).flatMap { shift in (0..<40).map { (1 << UInt64(shift)) + UInt64($0) } }
        for values in [even, crowded, growing, [0], [.max], [0, .max]] {
            let keys = KeysInMemory(values.map(BlocklistKey.init))
            let members = Set(values)
            for value in values.enumerated().filter({ $0.offset % 37 == 0 || values.count < 10 }).map(\.element) {
                #expect(try keys.contain(BlocklistKey(value)))
                for other in [value &+ 1, value &- 1] where !members.contains(other) {
                    #expect(try !keys.contain(BlocklistKey(other)))
                }
            }
        }
    }

    @Test func `Keys out of order cost a wrong answer, no more`() throws {
        let keys = (0..<4000).map { UInt64($0) &* 0x9E37_79B9_7F4A_7C15 }
        let list = try Blocklist(path: file(keys: keys))
        for number in 0..<200 { _ = try list.contains(OpaqueString("password \(number)")) }
    }

    /// Counts the pages that a search reads.
    private final class CountedKeys: BlocklistKeys {
        let count: Int
        let pages = Atomic<Int>(0)
        private let value: @Sendable (Int) -> UInt64

        init(count: Int, _ value: @escaping @Sendable (Int) -> UInt64) {
            self.count = count
            self.value = value
        }

        func keys(at places: Range<Int>) -> [BlocklistKey] {
            pages.add(1, ordering: .relaxed)
            return places.map { BlocklistKey(value($0)) }
        }
    }

    @Test func `A billion keys are searched in a few pages, and in bounded many when they are spread to mislead`()
        throws
    {
        let billion = 1_000_000_000
        // Spread as hashes are: up to sixteen thousand places, half the square root, off the even.
        let step = UInt64.max / UInt64(billion + 20_000)
        let value = { @Sendable (place: Int) in
            let wave = place % 100_000_000
            return UInt64(16_000 + place - min(wave, 100_000_000 - wave) / 3125) * step
        }
        let even = CountedKeys(count: billion, value)
        for place in stride(from: 0, to: billion, by: 9_999_991) {
            #expect(try even.contain(BlocklistKey(value(place))))
            #expect(try !even.contain(BlocklistKey(value(place) + 1)))
        }
        #expect(even.pages.load(ordering: .relaxed) <= 4 * 202)
        let misleading = CountedKeys(count: billion) { $0 < billion - 1 ? UInt64($0) : .max }
        #expect(try misleading.contain(BlocklistKey(UInt64(billion / 3))))
        #expect(try !misleading.contain(BlocklistKey(.max - 1)))
        #expect(misleading.pages.load(ordering: .relaxed) <= 2 * 3 * 30)
    }

    @Test(arguments: ["letmein please", "LETMEIN PLEASE", "LetMeIn Please", "letmein\u{A0}please"])
    func `A word of a list in clear is found in every spelling by case and space`(spelling: String) throws {
        #expect(try Blocklist(passwords: ["LetMeIn please"]).contains(OpaqueString(spelling)))
    }

    @Test func `Composed and decomposed spellings are one password`() throws {
        let list = Blocklist(passwords: ["Motörhead forever"])
        #expect(try list.contains(OpaqueString("Moto\u{308}rhead forever")))
        #expect(try list.contains(OpaqueString("MOTO\u{308}RHEAD FOREVER")))
        #expect(try !list.contains(OpaqueString("Motorhead forever")))
        // The stroke is no mark on the letter: full folding takes the sharp s apart.
        #expect(try Blocklist(passwords: ["große straße"]).contains(OpaqueString("GROSSE STRASSE")))
    }

    @Test func `A hash is found in the likely spellings of its password`() throws {
        let small = Blocklist.init(passwords: ["dragonfly season"])
        #expect(try small.contains(OpaqueString("Dragonfly season")))
        let path = directory.path + "/blocklist"
        for listed in ["dragonfly season", "Dragonfly season", "DRAGONFLY SEASON"] {
            let hash = Hex.encode(SHA1.digest(of: listed.utf8))
            let source = BlocklistSource(path: try directory.file("h", lines: [hash]), kind: .hashes)
            _ = try BlocklistBuilder().build(from: [source], to: path)
            #expect(try Blocklist(path: path).contains(OpaqueString("dRAGONFLY sEASON")))
        }
    }

    @Test(arguments: ["letmein pleas", "letmein  please", " letmein please", "letmein please ", "ｌetmein please"])
    func `A near miss is not on the list`(password: String) throws {
        #expect(try !Blocklist(passwords: ["letmein please"]).contains(OpaqueString(password)))
    }

    @Test func `A short list in clear is read into memory`() throws {
        let path = try directory.file("w", lines: ["#!comment: none", "Sunshine", "sunshine", "moonlight"])
        let list = try Blocklist(wordsAt: path)
        #expect(list.count == 2)
        #expect(try list.contains(OpaqueString("SUNSHINE")) && list.contains(OpaqueString("moonlight")))
        try list.verify()
    }

    @Test(arguments: PackagedWordList.allCases)
    func `The lists that packages carry can be built from where they are installed`(list: PackagedWordList) throws {
        try #require(list.isInstalled, "\(list.package) is to be installed")
        let path = directory.path + "/blocklist"
        let summary = try BlocklistBuilder().build(from: [list.source], to: path)
        #expect(summary.keys > 3000)
        let built = try Blocklist(path: path)
        try built.verify()
        #expect(try built.contains(OpaqueString("Password")))
    }

    @Test func `A file with any bytes changed is refused or read, and ends nothing`() throws {
        var numbers = SystemRandomNumberGenerator()
        let keys = (0..<600).map { UInt64($0) << 54 }
        for _ in 0..<300 {
            let path = try file(keys: keys) { bytes in
                for _ in 0..<Int.random(in: 1...4, using: &numbers) {
                    let place = Bool.random(using: &numbers) ? 32 : bytes.count
                    bytes[Int.random(in: 0..<place, using: &numbers)] = .random(in: 0...255, using: &numbers)
                }
                if Int.random(in: 0..<8, using: &numbers) == 0 { bytes.removeLast(Int.random(in: 0...bytes.count)) }
            }
            guard let list = try? Blocklist(path: path) else { continue }
            #expect(list.count == keys.count)
            _ = try list.contains(OpaqueString("password"))
            try? list.verify()
        }
    }
}
