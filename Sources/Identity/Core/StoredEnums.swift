import MariaDB

// Stored as their raw values; an unknown value in the database is an error naming the column.
extension UserState: SQLBindable, SQLReadable {}
extension IdentifierKind: SQLBindable, SQLReadable {}
extension FactorKind: SQLBindable, SQLReadable {}
extension AssuranceLevel: SQLBindable, SQLReadable {}
