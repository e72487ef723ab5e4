package import MariaDB

/// Leases: which process does a singleton's work, until when (ARCHITECTURE section 3).
package struct LeaseStore: Sendable {
    let parts: CoreParts

    package init(parts: CoreParts) {
        self.parts = parts
    }

    /// Takes or extends a lease for `duration`; false while another process holds it.
    package func acquire(
        _ name: String,
        for duration: Duration,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> Bool {
        let (node, expiresAt) = (parts.node, now + duration)
        let take = TakeLease(name: name, holder: node, now: now, expiresAt: expiresAt)
        if try transaction.execute(take) == 1 { return true }
        if try transaction.execute(InsertLease(name: name, holder: node, expiresAt: expiresAt)) == 1 { return true }
        // Nothing changed also when we hold it until that very moment.
        guard let row = try transaction.first(ReadLease(name: name)) else { return false }
        return row.holder == node && row.expiresAt > now
    }

    /// Gives a lease up, if it is ours, so that another process need not wait for its end.
    package func release(_ name: String, _ transaction: Transaction) throws {
        try transaction.execute(DeleteLease(name: name, holder: parts.node))
    }
}
