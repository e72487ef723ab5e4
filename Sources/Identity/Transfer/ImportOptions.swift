/// How an import goes.
package struct ImportOptions: Sendable, Hashable {
    /// What to do with a row whose user is there.
    package enum Conflict: Sendable, Hashable, CaseIterable {
        /// The row fails.
        case fail
        /// The user stays as he is.
        case skip
        /// What the row has replaces what the user has.
        case overwrite
    }

    package var conflict: Conflict
    /// Check everything, and write nothing.
    package var isDryRun: Bool

    package init(conflict: Conflict = .fail, isDryRun: Bool = false) {
        self.conflict = conflict
        self.isDryRun = isDryRun
    }
}

/// One user to import, or something that users have in common.
package struct ImportRow: Sendable {
    /// Told with the result.
    package let number: UInt64
    package let record: UserRecord
    /// Instead of a user.
    package var directory: DirectoryRecord?
    /// SHA-256 of everything in the row: an equal one is known again by it.
    package let digest: [UInt8]
    /// What the face already found wrong; such a row is not written.
    package let problems: [FlowError.FieldProblem]

    package init(number: UInt64, record: UserRecord, digest: [UInt8], problems: [FlowError.FieldProblem] = []) {
        self.number = number
        self.record = record
        self.digest = digest
        self.problems = problems
    }
}

/// What became of a row.
package struct ImportResult: Sendable, Hashable {
    package enum Outcome: Sendable, Hashable {
        case created
        case overwritten
        /// The user was imported from an equal row before.
        case unchanged
        /// The user is there, and was to stay as he is.
        case skipped
        case failed([FlowError.FieldProblem])
    }

    package let number: UInt64
    package var outcome: Outcome
    /// Nil for a row that failed, and for a new user of a dry run.
    package var user: UserID?

    /// Why it was refused, where that was for want of a right.
    var denial: ReasonID? {
        guard case .failed(let problems) = outcome else { return nil }
        let denials: [ReasonID] = [.authorityMissing, .lastOwner, .permissionMissing]
        return problems.map(\.reason).first { denials.contains($0) }
    }
}
