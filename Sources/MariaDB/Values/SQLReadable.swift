/// A value that can be read from one column of a result; a wrong type or NULL is an error naming the column.
package protocol SQLReadable {
    /// Takes exactly one column.
    static func read(from columns: inout Columns) throws(DatabaseError) -> Self
}

/// A value that goes both ways.
package typealias SQLValue = SQLBindable & SQLReadable

extension SQLReadable where Self: FixedWidthInteger {
    package static func read(from columns: inout Columns) throws(DatabaseError) -> Self {
        try columns.nextInteger(Self.self)
    }
}

extension Int64: SQLReadable {}
extension Int32: SQLReadable {}
extension Int: SQLReadable {}
extension UInt64: SQLReadable {}
extension UInt32: SQLReadable {}
extension UInt16: SQLReadable {}
extension UInt8: SQLReadable {}

extension Bool: SQLReadable {
    package static func read(from columns: inout Columns) throws(DatabaseError) -> Bool {
        let column = columns.position
        switch try columns.nextInteger(UInt8.self) {
        case 0: return false
        case 1: return true
        default: throw columns.mismatch(at: column, wanted: "Bool")
        }
    }
}

extension Double: SQLReadable {
    package static func read(from columns: inout Columns) throws(DatabaseError) -> Double {
        try columns.nextDouble()
    }
}

extension String: SQLReadable {
    package static func read(from columns: inout Columns) throws(DatabaseError) -> String {
        try columns.nextText()
    }
}

extension [UInt8]: SQLReadable {
    package static func read(from columns: inout Columns) throws(DatabaseError) -> [UInt8] {
        try columns.nextBytes()
    }
}

extension Timestamp: SQLReadable {
    package static func read(from columns: inout Columns) throws(DatabaseError) -> Timestamp {
        try columns.nextTimestamp()
    }
}

extension SQLDecimal: SQLReadable {
    package static func read(from columns: inout Columns) throws(DatabaseError) -> SQLDecimal {
        let column = columns.position
        guard let value = SQLDecimal(try columns.nextText()) else {
            throw columns.mismatch(at: column, wanted: "SQLDecimal")
        }
        return value
    }
}

extension SQLJSON: SQLReadable {
    package static func read(from columns: inout Columns) throws(DatabaseError) -> SQLJSON {
        SQLJSON(try columns.nextText())
    }
}

extension SQLReadable where Self: RawRepresentable, RawValue: SQLReadable {
    package static func read(from columns: inout Columns) throws(DatabaseError) -> Self {
        let column = columns.position
        guard let value = Self(rawValue: try RawValue.read(from: &columns)) else {
            throw columns.mismatch(at: column, wanted: "\(Self.self)")
        }
        return value
    }
}
