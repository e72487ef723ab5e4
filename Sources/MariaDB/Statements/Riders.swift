/// What goes to the server in one trip with another statement, before it: the beginning of a transaction, and writes whose
/// numbers of changed rows nobody asks for.
///
/// They become one compound statement (`BEGIN NOT ATOMIC`), which is prepared like any other: a trip over the socket costs
/// as much processor time as two small statements in it.
struct Riders {
    /// Whether START TRANSACTION was not sent yet.
    var beginsTransaction = false
    private(set) var writes: [any Statement] = []

    /// The most writes that wait, so that neither the text nor the number of different texts grows without end.
    static let limit = 8

    var isEmpty: Bool { !beginsTransaction && writes.isEmpty }
    var isFull: Bool { writes.count >= Self.limit }
    /// How many statements they are.
    var count: UInt64 { UInt64(writes.count) + (beginsTransaction ? 1 : 0) }

    mutating func append(_ write: any Statement) { writes.append(write) }

    /// Appends the parameters of the writes, in their order.
    func bind(to parameters: inout Parameters) {
        for write in writes { write.bind(to: &parameters) }
    }
}

/// What a compound statement ends with.
enum BlockEnd: Hashable {
    /// The last write.
    case nothing
    /// The rows of a last statement.
    case rows(SQL.Key)
    /// A last statement, and how many rows it changed.
    case rowCount(SQL.Key)
    case commit
}

/// What tells one compound statement from another in a cache.
struct BlockKey: Hashable {
    let beginsTransaction: Bool
    let writes: [SQL.Key]
    let end: BlockEnd

    init(_ riders: Riders, end: BlockEnd) {
        beginsTransaction = riders.beginsTransaction
        writes = riders.writes.map(\.preparedSQL.key)
        self.end = end
    }
}

extension Riders {
    /// The text of the compound statement.
    func text(_ last: SQL?, end: BlockEnd) -> String {
        var parts = beginsTransaction ? ["START TRANSACTION"] : []
        parts += writes.map(\.preparedSQL.text)
        if let last { parts.append(last.text) }
        switch end {
        case .nothing, .rows: break
        case .rowCount: parts.append("SELECT ROW_COUNT()")
        case .commit: parts.append("COMMIT")
        }
        return "BEGIN NOT ATOMIC\n" + parts.map { $0 + ";\n" }.joined() + "END"
    }
}
