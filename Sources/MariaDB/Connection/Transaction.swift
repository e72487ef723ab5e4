/// What a unit of work runs its statements on; lives only while the closure it was given to runs, on the lane's thread.
package final class Transaction {
    /// Whether COMMIT ends this unit of work; otherwise it may only read, each statement for itself.
    package let isReadOnly: Bool
    private let connection: Connection
    private let deadline: Deadline
    /// The failure that makes a commit impossible, kept in case the closure swallows it.
    private(set) var fatal: DatabaseError?
    /// What goes with the next statement.
    private var riders = Riders()
    /// Whether START TRANSACTION and writes may wait for the next statement.
    private let takesRiders: Bool
    /// Whether something went with the statement that runs.
    private var haveRidersGone = false
    /// Whether the closure must run again with each statement by itself, to tell which one failed and let it handle that.
    private(set) var needsPlainRun = false

    /// A unit of work that only reads.
    init(readingOn connection: Connection, deadline: Deadline) {
        self.connection = connection
        self.deadline = deadline
        isReadOnly = true
        takesRiders = false
    }

    /// A unit of work that begins with its first statement and ends with `commit` or `rollBack`.
    init(on connection: Connection, deadline: Deadline, takesRiders: Bool) {
        self.connection = connection
        self.deadline = deadline
        self.takesRiders = takesRiders
        isReadOnly = false
        riders.beginsTransaction = true
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
            try requireWriting(file, line)
            guard !riders.isEmpty else { return try connection.execute(statement, file: file, line: line) }
            return try connection.execute(statement, after: takeRiders(), file: file, line: line)
        }
    }

    /// Runs a statement whose number of changed rows nobody asks for together with the next one, or with COMMIT, which
    /// saves a trip to the server.
    ///
    /// Whoever reads afterwards sees what it wrote. If one of those fails that went together, the closure runs again with
    /// each by itself, so that an error is thrown where it belongs.
    package func enqueue<S: Statement>(
        _ statement: S,
        file: StaticString = #fileID,
        line: UInt = #line
    ) throws(DatabaseError) where S.Row == NoRow {
        guard takesRiders else {
            try execute(statement, file: file, line: line)
            return
        }
        if riders.isFull {
            try run { () throws(DatabaseError) in try connection.execute(takeRiders(), commits: false) }
        }
        riders.append(statement)
    }

    /// Runs a statement and returns all its rows.
    package func all<S: Statement>(
        _ statement: S,
        file: StaticString = #fileID,
        line: UInt = #line
    ) throws(DatabaseError) -> [S.Row] {
        var rows: [S.Row] = []
        try run { () throws(DatabaseError) in
            try query(statement, file, line) { row in
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
            try query(statement, file, line) { row in
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
            try requireWriting(file, line)
            if !riders.isEmpty { try connection.execute(takeRiders(), commits: false) }
            try connection.execute(text: script.text, file: file, line: line)
        }
    }

    /// Ends the unit of work; nothing is sent where nothing was done.
    func commit() throws(DatabaseError) {
        let isOpen = !riders.beginsTransaction
        guard isOpen || !riders.writes.isEmpty else { return }
        guard !isOpen || connection.isInTransaction else {
            throw DatabaseError(.internal, "a statement ended the transaction it was part of")
        }
        guard !deadline.hasPassed else {
            try rollBack()
            throw DatabaseError(.deadlineExceeded, "the deadline passed before COMMIT")
        }
        do {
            guard !riders.writes.isEmpty else { return try connection.execute(text: "COMMIT") }
            try run { () throws(DatabaseError) in try connection.execute(takeRiders(), commits: true) }
        } catch {
            if error.endsConnection { throw error.replacing(code: .unavailable(.outcomeUnknown)) }
            if needsPlainRun { try rollBack() }
            throw error
        }
    }

    /// Undoes the unit of work.
    func rollBack() throws(DatabaseError) {
        if !riders.beginsTransaction { try connection.execute(text: "ROLLBACK") }
    }

    private func query<S: Statement>(
        _ statement: S,
        _ file: StaticString,
        _ line: UInt,
        _ body: (S.Row) throws(DatabaseError) -> Bool
    ) throws(DatabaseError) {
        guard !riders.isEmpty || statement.isCompound else {
            return try connection.query(statement, file: file, line: line, body)
        }
        try connection.query(statement, after: takeRiders(), file: file, line: line, body)
    }

    private func begin() throws(DatabaseError) {
        guard riders.beginsTransaction else { return }
        try connection.execute(text: "START TRANSACTION")
        riders.beginsTransaction = false
    }

    private func requireWriting(_ file: StaticString, _ line: UInt) throws(DatabaseError) {
        if isReadOnly { throw DatabaseError(.readOnly, "a read may not write", file: file, line: line) }
    }

    /// The riders, which are on their way from now on.
    private func takeRiders() -> Riders {
        defer { riders = Riders() }
        haveRidersGone = !riders.isEmpty
        return riders
    }

    private func run<R>(_ body: () throws(DatabaseError) -> R) throws(DatabaseError) -> R {
        if let fatal { throw fatal }
        guard !deadline.hasPassed else {
            let error = DatabaseError(.deadlineExceeded, "the deadline passed between two statements")
            fatal = error
            throw error
        }
        haveRidersGone = false
        do {
            if !takesRiders { try begin() }
            return try body()
        } catch {
            if error.isRetryable || error.endsConnection {
                fatal = error
            } else if haveRidersGone {
                // One of them may be what failed, and nothing after it was run.
                (fatal, needsPlainRun) = (error, true)
            }
            throw error
        }
    }
}
