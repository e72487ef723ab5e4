/// The prepared statements of one connection; the least recently used one goes when there are too many.
struct StatementCache {
    private var statements: [SQL.Key: PreparedStatement] = [:]
    private var uses: UInt64 = 0
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    var count: Int { statements.count }

    /// Takes a statement from the cache, or prepares it.
    mutating func statement(
        _ key: SQL.Key,
        prepare: () throws(DatabaseError) -> PreparedStatement
    ) throws(DatabaseError) -> PreparedStatement {
        uses &+= 1
        if let known = statements[key] {
            known.lastUse = uses
            return known
        }
        let prepared = try prepare()
        prepared.lastUse = uses
        if statements.count >= limit { evictOldest() }
        statements[key] = prepared
        return prepared
    }

    mutating func removeAll() {
        statements.removeAll()
    }

    private mutating func evictOldest() {
        guard let oldest = statements.min(by: { $0.value.lastUse < $1.value.lastUse })?.key else { return }
        statements[oldest] = nil
    }
}
