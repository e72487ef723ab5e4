import MariaDB

/// The rows of `throttles`.
struct ThrottleStore: Sendable {
    /// What all counts of a transaction came to.
    enum Admission: Sendable, Hashable {
        /// Every subject may go on.
        case admitted(Admitted)
        /// This subject may not, before that time; nil: until an administrator clears it. Those after it were not counted.
        case blocked(ThrottleKind, until: Timestamp?)
    }

    /// What is known once a try was let through.
    struct Admitted: Sendable, Hashable {
        /// The limits that will refuse the next try.
        var tripped: [ThrottleKind] = []
        /// Whether an authenticator is switched off by this try, unless it succeeds.
        var isDisabling = false
        /// Failures in a row of the account and method before this try.
        var failuresBefore: UInt32 = 0
    }

    let policy: ThrottlePolicy

    /// Counts one try of each subject, in the one order that all transactions keep, and stops at the first refusal.
    func count(_ subjects: [ThrottleSubject], at now: Timestamp, _ transaction: Transaction) throws -> Admission {
        var admitted = Admitted()
        let subjects = subjects.sorted(by: Self.isBefore)
        guard !subjects.isEmpty else { return .admitted(admitted) }
        let tries = subjects.map { CountTry(subject: $0, now: now, forgiveness: policy.forgiveness) }
        var counts = try transaction.all(Chain(tries)).makeIterator()
        for subject in subjects {
            guard let count = counts.next() else {
                throw DatabaseError(.protocol, "a throttle row came back from no count")
            }
            guard count.isAdmitted else {
                return .blocked(subject.kind, until: count.disabledAt == nil ? count.nextTryAt : nil)
            }
            if count.nextTryAt != nil || count.disabledAt != nil { admitted.tripped.append(subject.kind) }
            if count.disabledAt != nil { admitted.isDisabling = true }
            if subject.kind == .triesOfAccount, count.consecutive > 0 {
                admitted.failuresBefore = count.consecutive - 1
            }
        }
        return .admitted(admitted)
    }

    /// The first of some subjects that is blocked now, without counting anything.
    func blocked(_ subjects: [ThrottleSubject], at now: Timestamp, _ transaction: Transaction) throws -> Admission? {
        for subject in subjects.sorted(by: Self.isBefore) {
            let look = BlockedUntil(hash: subject.hash, now: now)
            if let until = try transaction.first(look) { return .blocked(subject.kind, until: until) }
        }
        return nil
    }

    /// Forgets the failures of one subject after a success; how fast it was tried stays counted.
    func succeed(_ subject: ThrottleSubject, _ transaction: Transaction) throws {
        try transaction.enqueue(ForgetFailures(hash: subject.hash))
    }

    /// Forgets how often strangers failed in a row, and enables what that switched off; how fast they may try on stays.
    ///
    /// For an owner who proved on a known device that they are there. In a transaction of its own, since it keeps no order
    /// with the counts.
    func forgiveStrangers(_ subjects: [ThrottleSubject], _ transaction: Transaction) throws {
        try transaction.enqueue(ForgiveFailuresInARow(hashes: subjects.map(\.hash)))
    }

    /// Whether there is anything of the kind to forgive.
    func hasFailuresInARow(_ subjects: [ThrottleSubject], _ transaction: Transaction) throws -> Bool {
        try transaction.first(FailuresInARow(hashes: subjects.map(\.hash))) != nil
    }

    private static func isBefore(_ left: ThrottleSubject, _ right: ThrottleSubject) -> Bool {
        left.kind == right.kind
            ? left.hash.lexicographicallyPrecedes(right.hash)
            : left.kind.place < right.kind.place
    }
}

/// When a block ends that has not ended.
struct BlockedUntil: Statement {
    static let sql: SQL = "SELECT blocked_until FROM throttles WHERE subject_hash = ? AND blocked_until > ?"

    let hash: [UInt8]
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(hash)
        parameters.append(now)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Timestamp { try columns.next() }
}

/// Ends the rows of failures of an account by any method, and no block.
struct ForgiveFailuresInARow: Statement {
    static let sql: SQL = """
        UPDATE throttles SET consecutive = 0, disabled_at = NULL WHERE subject_hash IN (?, ?, ?, ?, ?, ?, ?)
        """

    let hashes: [[UInt8]]

    func bind(to parameters: inout Parameters) { parameters.append(methodHashes: hashes) }
}

/// Whether an account has failures in a row by any method.
struct FailuresInARow: Statement {
    static let sql: SQL = """
        SELECT 1 FROM throttles WHERE subject_hash IN (?, ?, ?, ?, ?, ?, ?) AND (consecutive > 0 OR disabled_at IS NOT NULL)
        LIMIT 1
        """

    let hashes: [[UInt8]]

    func bind(to parameters: inout Parameters) { parameters.append(methodHashes: hashes) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Int64 { try columns.next() }
}

extension Parameters {
    /// One for each method; a short list is filled up with its own first entry.
    fileprivate mutating func append(methodHashes hashes: [[UInt8]]) {
        for index in SignInMethodName.allCases.indices { append(index < hashes.count ? hashes[index] : hashes.first) }
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
