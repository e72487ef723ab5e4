internal import CMariaDB

/// How a column's values arrive.
enum ColumnKind {
    case signedInteger, unsignedInteger, double, moment
    /// DECIMAL: text that is a number.
    case decimal
    /// Text, JSON, binary, and what is rarely used (TIME, ENUM, BIT): bytes.
    case bytes

    init(_ field: MYSQL_FIELD) {
        switch unsafe field.type {
        case MYSQL_TYPE_TINY, MYSQL_TYPE_SHORT, MYSQL_TYPE_LONG, MYSQL_TYPE_INT24, MYSQL_TYPE_LONGLONG, MYSQL_TYPE_YEAR:
            self = unsafe field.flags & UInt32(UNSIGNED_FLAG) != 0 ? .unsignedInteger : .signedInteger
        case MYSQL_TYPE_FLOAT, MYSQL_TYPE_DOUBLE: self = .double
        case MYSQL_TYPE_DATE, MYSQL_TYPE_DATETIME, MYSQL_TYPE_TIMESTAMP, MYSQL_TYPE_NEWDATE: self = .moment
        case MYSQL_TYPE_DECIMAL, MYSQL_TYPE_NEWDECIMAL: self = .decimal
        default: self = .bytes
        }
    }

    var fetchType: enum_field_types {
        switch self {
        case .signedInteger, .unsignedInteger: MYSQL_TYPE_LONGLONG
        case .double: MYSQL_TYPE_DOUBLE
        case .moment: MYSQL_TYPE_DATETIME
        case .decimal: MYSQL_TYPE_STRING
        case .bytes: MYSQL_TYPE_BLOB
        }
    }

    /// Bytes of a value of fixed size; nil where the column decides.
    var fixedByteCount: Int? {
        switch self {
        case .signedInteger, .unsignedInteger, .double: 8
        case .moment: MemoryLayout<MYSQL_TIME>.size
        case .decimal: 96
        case .bytes: nil
        }
    }
}
