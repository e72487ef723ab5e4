/// One INSERT for many rows: its list of values, which ends it, is repeated.
package struct InsertMany<One: Statement>: Statement where One.Row == NoRow {
    package static var sql: SQL { One.sql }

    let rows: ArraySlice<One>

    /// Takes the rows, one at least.
    package init(rows: ArraySlice<One>) {
        self.rows = rows
    }

    package var preparedSQL: SQL {
        let text = One.sql.text
        guard rows.count > 1, let start = text.ranges(of: "VALUES (").first?.upperBound else { return One.sql }
        let more = String(repeating: ", (" + text[start...], count: rows.count - 1)
        return SQL(unsafeSQL: text + more)
    }

    package func bind(to parameters: inout Parameters) {
        for row in rows { row.bind(to: &parameters) }
    }
}

/// Rows that have one of many keys: a text that ends in `IN`, and the list.
package protocol KeyedRead: Statement {
    associatedtype Key: SQLBindable & Sendable
    /// The beginning, such as `SELECT name, id FROM users WHERE name IN`.
    static var selectIn: SQL { get }
    var keys: ArraySlice<Key> { get }
    init(keys: ArraySlice<Key>)
}

extension KeyedRead {
    package static var sql: SQL { selectIn }

    package var preparedSQL: SQL {
        SQL(unsafeSQL: Self.selectIn.text + " (?" + String(repeating: ",?", count: keys.count - 1) + ")")
    }

    package func bind(to parameters: inout Parameters) { for key in keys { parameters.append(key) } }
}

extension Transaction {
    /// Inserts rows with few statements, each of one of few widths, so that they are prepared once.
    package func insert<One: Statement>(_ rows: [One]) throws(DatabaseError) where One.Row == NoRow {
        for part in Self.parts(of: rows[...]) { try execute(InsertMany(rows: part)) }
    }

    /// Inserts rows like `insert`, together with the next statement.
    package func enqueue<One: Statement>(_ rows: [One]) throws(DatabaseError) where One.Row == NoRow {
        for part in Self.parts(of: rows[...]) { try enqueue(InsertMany(rows: part)) }
    }

    /// The rows that have one of these keys.
    package func all<Read: KeyedRead>(_: Read.Type, _ keys: [Read.Key]) throws(DatabaseError) -> [Read.Row] {
        var rows: [Read.Row] = []
        for part in Self.parts(of: keys[...]) { rows += try all(Read(keys: part)) }
        return rows
    }

    private static func parts<Element>(of elements: ArraySlice<Element>) -> [ArraySlice<Element>] {
        var (rest, parts) = (elements, [ArraySlice<Element>]())
        for width in [64, 16, 4, 2, 1] {
            while rest.count >= width {
                parts.append(rest.prefix(width))
                rest = rest.dropFirst(width)
            }
        }
        return parts
    }
}
