/// What a unit of work runs its statements on; lives only while the closure it was given to runs, on the lane's thread.
package final class Transaction {
    /// Whether COMMIT ends this unit of work; otherwise it may only read, each statement for itself.
    package let isReadOnly: Bool
    private let connection: Connection
    private let deadline: Deadline
    /// The failure that makes a commit impossible, kept in case the closure swallows it.
    private(set) var fatal: DatabaseError?

    init(on connection: Connection, deadline: Deadline, isReadOnly: Bool) {
        self.connection = connection
        self.deadline = deadline
        self.isReadOnly = isReadOnly
    }

    /// Runs a statement; returns the number of rows it changed (an UPDATE to the value a row already has counts 0).
    ///
    /// Refused with `.readOnly` inside `Database.read`.
    @discardableResult
    package func execute(
        _ statement: some Statement,
        file: StaticString = #fileID,
        line: UInt = #line
    ) throws(DatabaseError) -> UInt64 {
        try run { () throws(DatabaseError) in
            guard !isReadOnly else { throw DatabaseError(.readOnly, "a read may not write", file: file, line: line) }
            return try connection.execute(statement, file: file, line: line)
        }
    }

    /// Runs a statement and returns all its rows.
    package func all<S: Statement>(
        _ statement: S,
        file: StaticString = #fileID,
        line: UInt = #line
    ) throws(DatabaseError) -> [S.Row] {
        var rows: [S.Row] = []
        try run { () throws(DatabaseError) in
            try connection.query(statement, file: file, line: line) { row in
                rows.append(row)
                return true
            }
        }
        return rows
    }

    /// Runs a statement and returns its first row, if any.
    package func first<S: Statement>(
        _ statement: S,
        file: StaticString = #fileID,
        line: UInt = #line
    ) throws(DatabaseError) -> S.Row? {
        var first: S.Row?
        try run { () throws(DatabaseError) in
            try connection.query(statement, file: file, line: line) { row in
                first = row
                return false
            }
        }
        return first
    }

    /// Runs one statement without parameters over the text protocol; for schema changes.
    package func execute(
        script: SQL,
        file: StaticString = #fileID,
        line: UInt = #line
    ) throws(DatabaseError) {
        try run { () throws(DatabaseError) in
            guard !isReadOnly else { throw DatabaseError(.readOnly, "a read may not write", file: file, line: line) }
            try connection.execute(text: script.text, file: file, line: line)
        }
    }

    private func run<R>(_ body: () throws(DatabaseError) -> R) throws(DatabaseError) -> R {
        if let fatal { throw fatal }
        guard !deadline.hasPassed else {
            let error = DatabaseError(.deadlineExceeded, "the deadline passed between two statements")
            fatal = error
            throw error
        }
        do {
            return try body()
        } catch {
            if error.isRetryable || error.endsConnection { fatal = error }
            throw error
        }
    }
}
