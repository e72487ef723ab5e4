internal import CMariaDB

/// A statement prepared on one connection, with the buffers its rows land in.
final class PreparedStatement {
    private let handle: StatementHandle
    private var result: ResultBuffer?
    /// When it was last taken from the cache, by the cache's own count.
    var lastUse: UInt64 = 0

    /// Prepares `sql` on a connection that outlives this object.
    init(
        _ sql: String,
        on connection: UnsafeMutablePointer<MYSQL>,
        file: StaticString,
        line: UInt
    ) throws(DatabaseError) {
        guard let pointer = unsafe mysql_stmt_init(connection) else {
            throw unsafe DatabaseError(connection: connection, file: file, line: line)
        }
        handle = unsafe StatementHandle(takingOwnershipOf: pointer)
        let failed = unsafe sql.withCChars {
            unsafe mysql_stmt_prepare(pointer, $0.baseAddress, UInt($0.count)) != 0
        }
        if failed { throw unsafe DatabaseError(statement: pointer, file: file, line: line) }
    }

    /// Sends the parameters and runs the statement; returns the rows it changed.
    func execute(
        _ parameters: ParameterBuffer,
        file: StaticString,
        line: UInt
    ) throws(DatabaseError) -> UInt64 {
        try send(parameters, file: file, line: line)
        let affected = unsafe mysql_stmt_affected_rows(handle.pointer)
        if unsafe mysql_stmt_field_count(handle.pointer) > 0 {
            unsafe _ = mysql_stmt_free_result(handle.pointer)
            return 0
        }
        return affected
    }

    /// Runs the statement and gives each row to `body` until that returns false; what is left is thrown away.
    ///
    /// A compound statement has a result for each of its parts that returns rows; `body` gets the rows of all.
    func query(
        _ parameters: ParameterBuffer,
        file: StaticString,
        line: UInt,
        _ body: (inout Columns) throws(DatabaseError) -> Bool
    ) throws(DatabaseError) {
        try send(parameters, file: file, line: line)
        guard unsafe mysql_stmt_field_count(handle.pointer) > 0 else {
            throw DatabaseError(.protocol, "a statement that should return rows returns none", file: file, line: line)
        }
        do throws(DatabaseError) {
            var isWanted = true
            repeat {
                if isWanted { isWanted = try fetchRows(file: file, line: line, body) }
                unsafe _ = mysql_stmt_free_result(handle.pointer)
            } while try hasNextResult(file: file, line: line)
        } catch {
            // What is left would be taken for the answer to the next statement.
            repeat {
                unsafe _ = mysql_stmt_free_result(handle.pointer)
            } while unsafe mysql_stmt_next_result(handle.pointer) == 0
            throw error
        }
    }

    /// Gives the rows of one result to `body`; false when that wants no more.
    private func fetchRows(
        file: StaticString,
        line: UInt,
        _ body: (inout Columns) throws(DatabaseError) -> Bool
    ) throws(DatabaseError) -> Bool {
        // The last result of a compound statement has no rows, and tells only that all is done.
        guard unsafe mysql_stmt_field_count(handle.pointer) > 0 else { return true }
        let result = try bindResult(file: file, line: line)
        while try fetch(file: file, line: line) {
            var columns = Columns(result)
            guard try body(&columns) else { return false }
        }
        return true
    }

    /// Goes on to the next result of a compound statement, which may be that a later part of it failed.
    private func hasNextResult(file: StaticString, line: UInt) throws(DatabaseError) -> Bool {
        switch unsafe mysql_stmt_next_result(handle.pointer) {
        case 0: return true
        case -1: return false
        default: throw unsafe DatabaseError(statement: handle.pointer, file: file, line: line)
        }
    }

    private func send(_ parameters: ParameterBuffer, file: StaticString, line: UInt) throws(DatabaseError) {
        if let failure = parameters.failure { throw failure }
        let pointer = unsafe handle.pointer
        guard unsafe mysql_stmt_param_count(pointer) == UInt(parameters.count) else {
            throw DatabaseError(.internal, "a statement binds a wrong number of parameters", file: file, line: line)
        }
        let failed = try unsafe parameters.withBinds { binds throws(DatabaseError) in
            unsafe (parameters.count > 0 && mysql_stmt_bind_param(pointer, binds) != 0)
                || mysql_stmt_execute(pointer) != 0
        }
        if failed { throw unsafe DatabaseError(statement: pointer, file: file, line: line) }
    }

    private func bindResult(file: StaticString, line: UInt) throws(DatabaseError) -> ResultBuffer {
        let buffer: ResultBuffer
        if let result, !result.hasOutgrownColumns, result.fitsStatement {
            buffer = result
        } else {
            let capacities = result.flatMap { $0.fitsStatement ? $0.capacities : nil } ?? []
            buffer = unsafe ResultBuffer(borrowing: handle.pointer, capacities: capacities)
            result = buffer
        }
        guard unsafe mysql_stmt_bind_result(handle.pointer, buffer.bindPointer) == 0 else {
            throw unsafe DatabaseError(statement: handle.pointer, file: file, line: line)
        }
        return buffer
    }

    private func fetch(file: StaticString, line: UInt) throws(DatabaseError) -> Bool {
        switch unsafe mysql_stmt_fetch(handle.pointer) {
        // Truncated: the column is longer than its place, and is fetched whole when it is read.
        case 0, MYSQL_DATA_TRUNCATED: return true
        case MYSQL_NO_DATA: return false
        default: throw unsafe DatabaseError(statement: handle.pointer, file: file, line: line)
        }
    }
}
