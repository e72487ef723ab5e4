import MariaDB

/// The rows of `throttles`.
struct ThrottleStore: Sendable {
    /// What all counts of a transaction came to.
    enum Admission: Sendable, Hashable {
        /// Every subject may go on. `tripped` are those whose next try will be refused.
        case admitted(tripped: [ThrottleKind])
        /// This subject may not, before that time; nil: until an administrator clears it. Those after it were not counted.
        case blocked(ThrottleKind, until: Timestamp?)
    }

    let policy: ThrottlePolicy

    /// Counts one try of each subject, in the one order that all transactions keep, and stops at the first refusal.
    func count(_ subjects: [ThrottleSubject], at now: Timestamp, _ transaction: Transaction) throws -> Admission {
        var tripped: [ThrottleKind] = []
        for subject in subjects.sorted(by: Self.isBefore) {
            let statement = CountTry(subject: subject, now: now, forgiveness: policy.forgiveness)
            guard let count = try transaction.first(statement) else {
                throw DatabaseError(.protocol, "a throttle row came back from no count")
            }
            guard count.isAdmitted else {
                return .blocked(subject.kind, until: count.disabledAt == nil ? count.nextTryAt : nil)
            }
            if count.nextTryAt != nil || count.disabledAt != nil { tripped.append(subject.kind) }
        }
        return .admitted(tripped: tripped)
    }

    /// Forgets the failures of one subject after a success; how fast it was tried stays counted.
    func succeed(_ subject: ThrottleSubject, _ transaction: Transaction) throws {
        _ = try transaction.execute(ForgetFailures(hash: subject.hash))
    }

    private static func isBefore(_ left: ThrottleSubject, _ right: ThrottleSubject) -> Bool {
        left.kind == right.kind
            ? left.hash.lexicographicallyPrecedes(right.hash)
            : left.kind.rawValue < right.kind.rawValue
    }
}

/// Ends the failures of one subject.
struct ForgetFailures: Statement {
    static let sql: SQL = """
        UPDATE throttles SET window_count = 0, consecutive = 0, block_level = 0, blocked_until = NULL, disabled_at = NULL
        WHERE subject_hash = ?
        """

    let hash: [UInt8]

    func bind(to parameters: inout Parameters) {
        parameters.append(hash)
    }
}
