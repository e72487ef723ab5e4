extension Connection {
    /// Runs the riders and then a statement, in one trip; each decoded row of the statement goes to `body` until that
    /// returns false.
    func query<S: Statement>(
        _ statement: S,
        after riders: Riders,
        file: StaticString,
        line: UInt,
        _ body: (S.Row) throws(DatabaseError) -> Bool
    ) throws(DatabaseError) {
        let prepared = try prepare(riders, statement.preparedSQL, end: .rows(statement.preparedSQL.key), file, line)
        bind { parameters in
            riders.bind(to: &parameters)
            statement.bind(to: &parameters)
        }
        try prepared.query(parameters, file: file, line: line) { columns throws(DatabaseError) in
            try body(try S.row(from: &columns))
        }
    }

    /// Runs the riders and then a statement, in one trip; returns the number of rows that the statement changed.
    func execute(
        _ statement: some Statement,
        after riders: Riders,
        file: StaticString,
        line: UInt
    ) throws(DatabaseError) -> UInt64 {
        let prepared = try prepare(riders, statement.preparedSQL, end: .rowCount(statement.preparedSQL.key), file, line)
        bind { parameters in
            riders.bind(to: &parameters)
            statement.bind(to: &parameters)
        }
        var changed: Int64 = 0
        try prepared.query(parameters, file: file, line: line) { columns throws(DatabaseError) in
            changed = try columns.next()
            return true
        }
        return UInt64(max(0, changed))
    }

    /// Runs the riders alone, or with COMMIT.
    func execute(_ riders: Riders, commits: Bool) throws(DatabaseError) {
        let prepared = try prepare(riders, nil, end: commits ? .commit : .nothing, #fileID, #line)
        bind { riders.bind(to: &$0) }
        _ = try prepared.execute(parameters, file: #fileID, line: #line)
    }

    private func prepare(
        _ riders: Riders,
        _ last: SQL?,
        end: BlockEnd,
        _ file: StaticString,
        _ line: UInt
    ) throws(DatabaseError) -> PreparedStatement {
        let key = SQL.Key.block(BlockKey(riders, end: end))
        return try prepare(key, counting: riders.count + (end == .nothing ? 0 : 1), file: file, line: line) {
            riders.text(last, end: end)
        }
    }
}
