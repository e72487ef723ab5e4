import Testing

@testable import Identity

@Suite struct TextPlacesTests {
    @Test func `places are read back, and no bytes trap`() {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<500 {
            let count = Int.random(in: 0..<60, using: &random)
            let places = Set((0..<count).map { _ in UInt16.random(in: 0...UInt16.max, using: &random) }).sorted()
            #expect(TextPlaces.decode(TextPlaces.encode(places)) == places)
            _ = TextPlaces.decode((0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
        }
        #expect(TextPlaces.decode([0x80]) == nil && TextPlaces.decode([0xFF, 0xFF, 0xFF, 0x7F]) == nil)
    }

    @Test func `what two lists have in common is what sets have in common`() {
        var random = SeededGenerator(seed: 12)
        for _ in 0..<300 {
            let lists = (0..<2).map { _ in
                Set((0..<30).map { _ in UInt16.random(in: 0..<60, using: &random) })
            }
            #expect(
                TextPlaces.common(lists[0].sorted(), lists[1].sorted()) == lists[0].intersection(lists[1]).sorted()
            )
        }
    }

    @Test func `every part of a text has grams of the text alone`() {
        var random = SeededGenerator(seed: 13)
        for _ in 0..<300 {
            let text = (0..<Int.random(in: 0..<40, using: &random)).map { _ in
                UInt8.random(in: 97...101, using: &random)
            }
            var all: Set<TextGram> = []
            TextGram.forEach(ofWhole: text) { all.insert($0) }
            guard text.count >= 3 else { continue }
            let start = Int.random(in: 0...(text.count - 3), using: &random)
            let part = Array(text[start..<Int.random(in: (start + 3)...text.count, using: &random)])
            let grams = TextGram.ofPart(part)
            #expect(!grams.isEmpty && grams.count <= TextGram.maximumAsked && all.isSuperset(of: grams))
            #expect(all.isSuperset(of: TextGram.ofPart(text.suffix(2) + [0])))
        }
        #expect(TextGram.ofPart([1, 2]).isEmpty)
        #expect(TextGram(number: 0x010203).bytes == [1, 2, 3])
    }

    @Test func `ids are stepped through without a gap`() {
        let id = UserID(exactly: [UInt8](repeating: 7, count: 14) + [1, 255])
        #expect(id.successor?.bytes.suffix(2) == [2, 0])
        #expect(id.successor?.predecessor == id)
        #expect(UserID.zero.predecessor == nil && UserID.greatest.successor == nil)
        #expect(UserID.greatest.predecessor.flatMap(\.successor) == .greatest)
    }
}
