/// One SQL statement with its parameters and the type of its rows.
package protocol Statement: Sendable {
    /// One decoded row; `NoRow` for statements that return none.
    associatedtype Row: Sendable = NoRow
    /// The text, one `?` for each parameter.
    static var sql: SQL { get }
    /// The text of this value; the same as `Self.sql` unless the statement is put together at run time.
    var preparedSQL: SQL { get }
    /// Whether the text is of several statements, which only a compound one may be made of.
    var isCompound: Bool { get }
    /// Appends the parameters in the order of their `?`.
    func bind(to parameters: inout Parameters)
    /// Decodes one row, column by column.
    static func row(from columns: inout Columns) throws(DatabaseError) -> Row
}

extension Statement {
    package var preparedSQL: SQL { Self.sql }

    package var isCompound: Bool { false }

    package func bind(to parameters: inout Parameters) {}
}

extension Statement where Row == NoRow {
    package static func row(from columns: inout Columns) throws(DatabaseError) -> NoRow { NoRow() }
}

/// The row of a statement that returns none.
package struct NoRow: Sendable {
    package init() {}
}

/// A read by one key, coalesced with others of its kind that arrive together.
///
/// A key finds one row, or several that `add` puts together.
///
/// The statement sent is `selectIn` + `(?,?,…)` + `suffix`. `suffix` may add conditions or an ORDER BY, never a LIMIT.
package protocol PointRead: Sendable {
    /// The key; equal to the key in the row it finds, by Swift's `==`.
    associatedtype Key: Hashable & Sendable & SQLBindable
    /// What is found under a key.
    associatedtype Row: Sendable
    /// The beginning, such as `SELECT id, name FROM users WHERE id IN`.
    static var selectIn: SQL { get }
    /// What follows the list of keys; nothing by default.
    static var suffix: SQL { get }
    /// Decodes one row with the key it belongs to.
    static func row(from columns: inout Columns) throws(DatabaseError) -> (Key, Row)
    /// Takes in one more row of the same key; by default the last row stands.
    static func add(_ row: Row, to found: inout Row)
}

extension PointRead {
    package static func add(_ row: Row, to found: inout Row) { found = row }

    package static var suffix: SQL { "" }
}
