internal import CMariaDB

/// One open connection with its prepared statements; used by one thread at a time.
final class Connection {
    let endpoint: Endpoint
    private let handle: ConnectionHandle
    let parameters = ParameterBuffer()
    private var cache: StatementCache
    /// How many statements were sent, for the metrics and the tests.
    private(set) var statementCount: UInt64 = 0

    init(takingOwnershipOf handle: consuming ConnectionHandle, endpoint: Endpoint, cacheLimit: Int) {
        self.handle = handle
        self.endpoint = endpoint
        cache = StatementCache(limit: cacheLimit)
    }

    deinit {
        // Statements end before the connection they were prepared on.
        cache.removeAll()
    }

    var pointer: UnsafeMutablePointer<MYSQL> { unsafe handle.pointer }

    var cachedStatements: Int { cache.count }

    /// Whether the server says that a transaction is open.
    var isInTransaction: Bool {
        unsafe handle.pointer.pointee.server_status & UInt32(SERVER_STATUS_IN_TRANS) != 0
    }

    /// Runs a statement without parameters or rows over the text protocol.
    func execute(text: String, file: StaticString = #fileID, line: UInt = #line) throws(DatabaseError) {
        statementCount &+= 1
        let failed = unsafe text.withCChars {
            unsafe mysql_real_query(handle.pointer, $0.baseAddress, UInt($0.count)) != 0
        }
        if failed { throw unsafe DatabaseError(connection: handle.pointer, file: file, line: line) }
        if let rows = unsafe mysql_store_result(handle.pointer) { unsafe mysql_free_result(rows) }
    }

    /// Runs a statement; returns the number of rows it changed.
    func execute(_ statement: some Statement, file: StaticString, line: UInt) throws(DatabaseError) -> UInt64 {
        let prepared = try prepare(statement.preparedSQL, file: file, line: line)
        bind { statement.bind(to: &$0) }
        return try prepared.execute(parameters, file: file, line: line)
    }

    /// Runs a statement and gives each decoded row to `body` until that returns false.
    func query<S: Statement>(
        _ statement: S,
        file: StaticString,
        line: UInt,
        _ body: (S.Row) throws(DatabaseError) -> Bool
    ) throws(DatabaseError) {
        let prepared = try prepare(statement.preparedSQL, file: file, line: line)
        bind { statement.bind(to: &$0) }
        try prepared.query(parameters, file: file, line: line) { columns throws(DatabaseError) in
            try body(try S.row(from: &columns))
        }
    }

    /// Runs a coalesced read of `keys`, at most `width`; the last key fills the places that are over.
    func find<P: PointRead>(
        _: P.Type,
        keys: some RandomAccessCollection<P.Key>,
        width: Int,
        _ body: (P.Key, P.Row) -> Void
    ) throws(DatabaseError) {
        let prepared = try prepare(.wide(ObjectIdentifier(P.self), width: width), file: #fileID, line: #line) {
            P.selectIn.text + "(" + String(repeating: "?,", count: width - 1) + "?)" + P.suffix.text
        }
        bind { parameters in
            for key in keys { key.bind(to: &parameters) }
            guard let last = keys.last else { return }
            for _ in keys.count..<width { last.bind(to: &parameters) }
        }
        try prepared.query(parameters, file: #fileID, line: #line) { columns throws(DatabaseError) in
            let (key, row) = try P.row(from: &columns)
            body(key, row)
            return true
        }
    }

    /// Fills the parameters of the next execution.
    func bind(_ body: (inout Parameters) -> Void) {
        parameters.reset()
        var target = Parameters(buffer: parameters)
        body(&target)
    }

    private func prepare(_ sql: SQL, file: StaticString, line: UInt) throws(DatabaseError) -> PreparedStatement {
        try prepare(sql.key, file: file, line: line) { sql.text }
    }

    /// Takes a statement from the cache or prepares it, and counts it as `count` statements.
    func prepare(
        _ key: SQL.Key,
        counting count: UInt64 = 1,
        file: StaticString,
        line: UInt,
        text: () -> String
    ) throws(DatabaseError) -> PreparedStatement {
        statementCount &+= count
        let pointer = unsafe handle.pointer
        return try cache.statement(key) { () throws(DatabaseError) in
            unsafe try PreparedStatement(text(), on: pointer, file: file, line: line)
        }
    }
}
