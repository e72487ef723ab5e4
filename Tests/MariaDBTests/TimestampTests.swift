import MariaDB
import Testing

struct TimestampTests {
    @Test(arguments: [
        (Int64(0), "1970-01-01T00:00:00.000000Z"),
        (Int64(-1), "1969-12-31T23:59:59.999999Z"),
        (Int64(951_782_400_000_000), "2000-02-29T00:00:00.000000Z"),
        (Int64(-30_610_224_000_000_000), "1000-01-01T00:00:00.000000Z"),
        (Int64(253_402_300_799_999_999), "9999-12-31T23:59:59.999999Z"),
    ])
    func `a moment and its ISO 8601 text are the same`(microseconds: Int64, text: String) {
        let moment = Timestamp(microsecondsSinceEpoch: microseconds)
        #expect(moment.description == text)
        #expect(Timestamp(iso8601: text) == moment)
    }

    @Test(arguments: [
        "", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-01 00:00:00Z", "2026-01-01T00:00:00",
        "2026-01-01T24:00:00Z", "2026-01-01T00:00:60Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00.1234567Z",
        "0000-01-01T00:00:00Z", "+026-01-01T00:00:00Z", "2026-01-01T00:00:00Zx", "２026-01-01T00:00:00Z",
    ])
    func `what is not a moment is refused`(text: String) {
        #expect(Timestamp(iso8601: text) == nil)
    }

    @Test func `the ends of the range neither trap nor wrap`() {
        let last = Timestamp(microsecondsSinceEpoch: .max)
        let first = Timestamp(microsecondsSinceEpoch: .min)
        #expect(last + .seconds(1) == last)
        #expect(first - .seconds(1) == first)
        #expect(last - first > .seconds(1))
        #expect(!last.description.isEmpty && !first.description.isEmpty)
    }

    @Test func `a duration goes forth and back`() {
        let moment = Timestamp(microsecondsSinceEpoch: 1_000_000)
        #expect((moment + .microseconds(5) - moment) == .microseconds(5))
        #expect(moment - .seconds(1) == Timestamp(microsecondsSinceEpoch: 0))
    }
}
