import Testing

@testable import MariaDB

struct RoundTripTests {
    /// Sends one value and reads it back through a column of the given type.
    private func roundTrip<V: SQLValue & Sendable>(_ value: V?, _ type: String) async throws -> V? {
        try await TestServer.withDatabase(tables: ["CREATE TABLE t (id INT PRIMARY KEY, v \(type) NULL)"], lanes: 1) {
            try await $0.transaction { tx in
                try tx.execute(Insert(value: value))
                return try tx.first(Select<V>()) ?? nil
            }
        }
    }

    private struct Insert<V: SQLBindable & Sendable>: Statement {
        static var sql: SQL { "INSERT INTO t (id, v) VALUES (1, ?)" }
        let value: V?

        func bind(to parameters: inout Parameters) { parameters.append(value) }
    }

    private struct Select<V: SQLReadable & Sendable>: Statement {
        static var sql: SQL { "SELECT v FROM t" }

        static func row(from columns: inout Columns) throws(DatabaseError) -> V? { try columns.nextOptional() }
    }

    @Test(arguments: [Int64.min, -1, 0, 1, Int64.max])
    func `every signed integer comes back`(value: Int64) async throws {
        #expect(try await roundTrip(value, "BIGINT") == value)
    }

    @Test(arguments: [UInt64.min, 1, UInt64(Int64.max) + 1, UInt64.max])
    func `every unsigned integer comes back`(value: UInt64) async throws {
        #expect(try await roundTrip(value, "BIGINT UNSIGNED") == value)
    }

    @Test(arguments: [
        "", "plain", "😀 ünï̈cödé", "quote ' \" \\ ` ; --", "a\u{0}b", "\r\n\t", String(repeating: "é", count: 300),
        "n\u{303}",
    ])
    func `text comes back byte for byte`(text: String) async throws {
        let found = try #require(try await roundTrip(text, "TEXT"))
        #expect(Array(found.utf8) == Array(text.utf8))
    }

    @Test(arguments: [0, 1, 255, 256, 257, 65_535, 65_536, 1_000_003, 10 * 1024 * 1024])
    func `bytes of any length come back whole`(count: Int) async throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        #expect(try await roundTrip(bytes, "LONGBLOB") == bytes)
    }

    @Test(arguments: [
        "1000-01-01T00:00:00.000000Z", "1969-12-31T23:59:59.999999Z", "2024-02-29T12:34:56.000001Z",
        "9999-12-31T23:59:59.999999Z", "0001-01-01T00:00:00.000000Z",
    ])
    func `moments come back to the microsecond`(text: String) async throws {
        let moment = try #require(Timestamp(iso8601: text))
        #expect(try await roundTrip(moment, "DATETIME(6)") == moment)
    }

    @Test(arguments: ["0.00000", "-12.50000", "99999999999999999999999999999999999.99999"])
    func `decimals come back digit for digit`(text: String) async throws {
        let decimal = try #require(SQLDecimal(text))
        #expect(try await roundTrip(decimal, "DECIMAL(40,5)")?.description == text)
    }

    @Test func `other types come back`() async throws {
        #expect(try await roundTrip(true, "BOOLEAN") == true)
        #expect(try await roundTrip(false, "BOOLEAN") == false)
        #expect(try await roundTrip(-1.5e300, "DOUBLE") == -1.5e300)
        #expect(try await roundTrip(UInt8.max, "TINYINT UNSIGNED") == UInt8.max)
        #expect(try await roundTrip(Int32.min, "INT") == Int32.min)
        let json = SQLJSON(#"{"a":[1,"😀",null]}"#)
        #expect(try await roundTrip(json, "JSON") == json)
    }

    @Test func `NULL of every type comes back as nil`() async throws {
        #expect(try await roundTrip(Int64?.none, "BIGINT") == nil)
        #expect(try await roundTrip(UInt64?.none, "BIGINT UNSIGNED") == nil)
        #expect(try await roundTrip(String?.none, "TEXT") == nil)
        #expect(try await roundTrip([UInt8]?.none, "BLOB") == nil)
        #expect(try await roundTrip(Timestamp?.none, "DATETIME(6)") == nil)
        #expect(try await roundTrip(SQLDecimal?.none, "DECIMAL(5,2)") == nil)
        #expect(try await roundTrip(SQLJSON?.none, "JSON") == nil)
        #expect(try await roundTrip(Double?.none, "DOUBLE") == nil)
    }

    @Test func `a moment outside the years 1 to 9999 is refused before it is sent`() async throws {
        let moment = Timestamp(microsecondsSinceEpoch: .max)
        await expectError(.dataTooLong) { try await roundTrip(moment, "DATETIME(6)") }
    }

    @Test func `text that is no JSON is refused by the column`() async throws {
        await expectError(.constraint) { try await roundTrip(SQLJSON("{"), "JSON") }
    }

    @Test(arguments: [("VARCHAR(5)", "123456"), ("VARBINARY(5)", "123456")])
    func `a value longer than its column is refused`(type: String, text: String) async throws {
        await expectError(.dataTooLong) { try await roundTrip(text, type) }
    }

    @Test func `a number larger than its column is refused`() async throws {
        await expectError(.dataTooLong) { try await roundTrip(Int64(300), "TINYINT") }
    }
}
