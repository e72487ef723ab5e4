import Cryptography
import Testing

@testable import WebAuthn

struct CBORDecoderTests {
    private func decode(_ hex: String, depth: Int = 4) throws -> CBORValue {
        try CBORDecoder.decode(try #require(Hex.decode(hex)), depth: depth, limit: 1024)
    }

    @Test(arguments: [
        ("00", CBORValue.unsigned(0)), ("17", .unsigned(23)), ("1818", .unsigned(24)), ("190100", .unsigned(256)),
        ("1a00010000", .unsigned(65536)), ("1bffffffffffffffff", .unsigned(.max)), ("26", .negative(6)),
        ("390100", .negative(256)), ("420102", .bytes([1, 2])), ("40", .bytes([])),
        ("63666d74", .text(Array("fmt".utf8))), ("80", .array([])), ("8201f6", .array([.unsigned(1), .null])),
        ("a0", .map(CBORMap([:]))), ("a10102", .map(CBORMap([.unsigned(1): .unsigned(2)]))),
        ("f4", .boolean(false)), ("f5", .boolean(true)), ("f6", .null),
    ])
    func `canonical items are read`(hex: String, value: CBORValue) throws {
        #expect(try decode(hex) == value)
    }

    @Test(arguments: [
        ("", CBORError.truncated), ("18", .truncated), ("4201", .truncated), ("8201", .truncated), ("a101", .truncated),
        ("5bffffffffffffffff", .truncated), ("9b7fffffffffffffff", .truncated), ("bb8000000000000000", .truncated),
        ("1817", .notShortest), ("190018", .notShortest), ("1a0000ffff", .notShortest), ("580100", .notShortest),
        ("1b00000000ffffffff", .notShortest), ("380a", .notShortest), ("b801" + "0102", .notShortest),
        ("5f4101ff", .notAllowed), ("7f6161ff", .notAllowed), ("9f01ff", .notAllowed), ("bf0102ff", .notAllowed),
        ("c001", .notAllowed), ("f90000", .notAllowed), ("fa00000000", .notAllowed), ("f7", .notAllowed),
        ("f8ff", .notAllowed), ("e0", .notAllowed), ("1c", .notAllowed), ("ff", .notAllowed), ("61ff", .notUTF8),
        ("a2010201 02".filter { $0 != " " }, .keysNotSorted), ("a202010102", .keysNotSorted),
        ("a220010102", .keysNotSorted), ("a2626161016162" + "02", .keysNotSorted), ("a14001", .badKey),
        ("a1f401", .badKey), ("a18001", .tooDeep), ("0000", .trailingBytes), ("8181818180", .tooDeep),
        ("818181a10180", .tooDeep),
    ])
    func `anything that is not canonical is refused`(hex: String, error: CBORError) {
        #expect(throws: error) { try decode(hex) }
    }

    @Test func `a hundred thousand nested arrays are refused without using the stack`() {
        let nested = [UInt8](repeating: 0x81, count: 100_000)
        #expect(throws: CBORError.tooLarge) { try CBORDecoder.decode(nested, depth: 8, limit: 65536) }
        #expect(throws: CBORError.tooDeep) { try CBORDecoder.decode(nested, depth: 8, limit: 200_000) }
    }

    @Test func `an item in the middle is read and its end told`() throws {
        let (value, end) = try CBORDecoder.decodePrefix([0xFF, 0x41, 0x07, 0xFF], from: 1, depth: 1)
        #expect(value == .bytes([7]))
        #expect(end == 3)
        #expect(throws: CBORError.truncated) { try CBORDecoder.decodePrefix([1], from: 2, depth: 1) }
    }

    @Test func `map entries are found by number and by text`() throws {
        let map = try #require(try decode("a3010220036166f5").entries)
        #expect(map[1] == .unsigned(2))
        #expect(map[-1] == .unsigned(3))
        #expect(map["f"] == .boolean(true))
        #expect(map[2] == nil)
        #expect(map[-2] == nil)
        #expect(try decode("3b7fffffffffffffff").integer == .min)
        #expect(try decode("3b8000000000000000").integer == nil)
    }
}
