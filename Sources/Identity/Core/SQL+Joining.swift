import MariaDB

extension SQL {
    /// Joins two texts that are literals each, so that a list of columns is written once.
    static func + (left: SQL, right: SQL) -> SQL {
        SQL(unsafeSQL: left.text + right.text)
    }

    /// Joins several texts that are literals each.
    static func joining(_ parts: SQL...) -> SQL {
        SQL(unsafeSQL: parts.map(\.text).joined())
    }
}
