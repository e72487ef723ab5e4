import MariaDB

/// The closure of nested groups, in the caller's transaction and under the guard of membership.
struct MembershipStore: Sendable {
    let parts: CoreParts

    /// Pairs that one change of nesting may write: more would hold the guard for seconds.
    static let mostPairs: Int64 = 200_000
    /// Ways between two groups; far below what the column holds.
    static let mostPaths = 1e9

    /// Puts a new group into the closure; roles have none.
    func noteCreated<Kind>(_ id: ID<Kind>, _ transaction: Transaction) throws {
        guard let group = id as? GroupID else { return }
        try transaction.execute(InsertOwnClosure(group: group))
    }

    /// Takes a group out of the closure before it is deleted.
    func removeFromClosure(_ group: GroupID, _ transaction: Transaction) throws {
        try transaction.execute(SubtractPathsThrough(group: group))
        try transaction.execute(DeletePairsWithoutPath(edge: GroupEdge(parent: group, child: group)))
    }
}
