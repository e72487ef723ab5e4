internal import CMariaDB

/// The columns of one row, read from left to right; nothing here traps on what the database holds.
package struct Columns {
    let result: ResultBuffer
    /// The column that is read next, from 0.
    package private(set) var position = 0

    init(_ result: ResultBuffer) {
        self.result = result
    }

    /// Reads a value that must not be NULL.
    package mutating func next<T: SQLReadable>(_: T.Type = T.self) throws(DatabaseError) -> T {
        try T.read(from: &self)
    }

    /// Reads a value, or nil for NULL.
    package mutating func nextOptional<T: SQLReadable>(_: T.Type = T.self) throws(DatabaseError) -> T? {
        guard position < result.columnCount, result.isNull(position) else { return try T.read(from: &self) }
        position += 1
        return nil
    }

    /// The error for a column that does not hold what was wanted.
    package func mismatch(at column: Int, wanted: String) -> DatabaseError {
        DatabaseError(.protocol, "column \(result.name(column)) does not hold a \(wanted)")
    }

    mutating func nextInteger<T: FixedWidthInteger>(_: T.Type) throws(DatabaseError) -> T {
        let column = try take(wanted: "\(T.self)")
        let value: T?
        switch result.kind(column) {
        case .signedInteger: value = T(exactly: result.load(column, as: Int64.self))
        case .unsignedInteger: value = T(exactly: result.load(column, as: UInt64.self))
        // SUM of integers is a DECIMAL.
        case .decimal:
            value = try unsafe result.withBytes(column) {
                unsafe String(validating: $0, as: UTF8.self).flatMap { T($0) }
            }
        default: value = nil
        }
        guard let value else { throw mismatch(at: column, wanted: "\(T.self)") }
        return value
    }

    mutating func nextDouble() throws(DatabaseError) -> Double {
        let column = try take(wanted: "Double")
        let value: Double? =
            switch result.kind(column) {
            case .double: result.load(column, as: Double.self)
            case .signedInteger: Double(exactly: result.load(column, as: Int64.self))
            case .unsignedInteger: Double(exactly: result.load(column, as: UInt64.self))
            default: nil
            }
        guard let value else { throw mismatch(at: column, wanted: "Double") }
        return value
    }

    mutating func nextText() throws(DatabaseError) -> String {
        let column = position
        let text = try unsafe withNextBuffer(wanted: "String") { unsafe String(validating: $0, as: UTF8.self) }
        guard let text else { throw mismatch(at: column, wanted: "String") }
        return text
    }

    mutating func nextBytes() throws(DatabaseError) -> [UInt8] {
        try unsafe withNextBuffer(wanted: "bytes") { unsafe Array($0) }
    }

    mutating func nextTimestamp() throws(DatabaseError) -> Timestamp {
        let column = try take(wanted: "Timestamp")
        guard result.kind(column) == .moment else { throw mismatch(at: column, wanted: "Timestamp") }
        let time = result.load(column, as: MYSQL_TIME.self)
        let civil = CivilTime(
            year: Int64(time.year),
            month: Int64(time.month),
            day: Int64(time.day),
            hour: Int64(time.hour),
            minute: Int64(time.minute),
            second: Int64(time.second),
            microsecond: Int64(clamping: time.second_part)
        )
        guard let civil else { throw mismatch(at: column, wanted: "Timestamp") }
        return civil.timestamp
    }

    private mutating func withNextBuffer<R>(
        wanted: String,
        _ body: (UnsafeRawBufferPointer) throws(DatabaseError) -> R
    ) throws(DatabaseError) -> R {
        let column = try take(wanted: wanted)
        switch result.kind(column) {
        case .bytes, .decimal: return try unsafe result.withBytes(column, body)
        default: throw mismatch(at: column, wanted: wanted)
        }
    }

    /// Steps over a column that exists and is not NULL.
    private mutating func take(wanted: String) throws(DatabaseError) -> Int {
        let column = position
        guard column < result.columnCount else {
            throw DatabaseError(.protocol, "a row has \(result.columnCount) columns; one more was wanted")
        }
        position += 1
        guard !result.isNull(column) else { throw DatabaseError(.protocol, "column \(result.name(column)) is NULL") }
        return column
    }
}
