import MariaDB

extension Assignment {
    /// The columns that `init(from:)` reads, of `a`.
    static var columns: SQL {
        "a." + Kind.holderColumn + ", a." + Kind.heldColumn
            + ", a.may_grant, a.expires_at, a.assigned_at, a.assigned_by_kind, a.assigned_by"
    }

    /// All columns, up to where the conditions begin.
    static var select: SQL { "SELECT " + columns + " FROM " + Kind.table + " a WHERE " }

    /// The condition that one is an assignment of this holder and held thing.
    fileprivate static var ofPair: SQL { "a." + Kind.holderColumn + " = ? AND a." + Kind.heldColumn + " = ?" }

    init(from columns: inout Columns) throws(DatabaseError) {
        self.init(
            holder: try columns.next(),
            held: try columns.next(),
            terms: AssignmentTerms(mayGrant: try columns.next(), expiresAt: try columns.nextOptional()),
            assignedAt: try columns.next(),
            assignedBy: Assigner(kind: try columns.next(), id: try columns.nextOptional())
        )
    }
}

/// One assignment, over or not, locked until the transaction ends.
struct LockAssignment<Kind: AssignmentKind>: Statement {
    static var sql: SQL { Assignment<Kind>.select + Assignment<Kind>.ofPair + " FOR UPDATE" }

    let holder: ID<Kind.Holder>
    let held: ID<Kind.Held>

    func bind(to parameters: inout Parameters) {
        parameters.append(holder)
        parameters.append(held)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Assignment<Kind> {
        try Assignment(from: &columns)
    }
}

/// One assignment, over or not.
struct ReadAssignment<Kind: AssignmentKind>: Statement {
    static var sql: SQL { Assignment<Kind>.select + Assignment<Kind>.ofPair }

    let holder: ID<Kind.Holder>
    let held: ID<Kind.Held>

    func bind(to parameters: inout Parameters) {
        parameters.append(holder)
        parameters.append(held)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Assignment<Kind> {
        try Assignment(from: &columns)
    }
}

/// Gives something, or changes how it was given.
struct WriteAssignment<Kind: AssignmentKind>: Statement {
    static var sql: SQL {
        "INSERT INTO " + Kind.table + " (" + Kind.holderColumn + ", " + Kind.heldColumn + """
            , may_grant, expires_at, assigned_at, assigned_by_kind, assigned_by) VALUES (?, ?, ?, ?, ?, ?, ?)
            ON DUPLICATE KEY UPDATE may_grant = VALUES(may_grant), expires_at = VALUES(expires_at),
                assigned_at = VALUES(assigned_at), assigned_by_kind = VALUES(assigned_by_kind),
                assigned_by = VALUES(assigned_by)
            """
    }

    let assignment: Assignment<Kind>

    func bind(to parameters: inout Parameters) {
        parameters.append(assignment.holder)
        parameters.append(assignment.held)
        parameters.append(assignment.terms.mayGrant)
        parameters.append(assignment.terms.expiresAt)
        parameters.append(assignment.assignedAt)
        parameters.append(assignment.assignedBy.kind)
        parameters.append(assignment.assignedBy.id)
    }
}

/// Takes something away.
struct DeleteAssignment<Kind: AssignmentKind>: Statement {
    static var sql: SQL {
        "DELETE FROM " + Kind.table + " WHERE " + Kind.holderColumn + " = ? AND " + Kind.heldColumn + " = ?"
    }

    let holder: ID<Kind.Holder>
    let held: ID<Kind.Held>

    func bind(to parameters: inout Parameters) {
        parameters.append(holder)
        parameters.append(held)
    }
}

/// Takes away what a holder has no more, because its time is over.
struct DeleteEndedAssignments<Kind: AssignmentKind>: Statement {
    static var sql: SQL { "DELETE FROM " + Kind.table + " WHERE " + Kind.holderColumn + " = ? AND expires_at <= ?" }

    let holder: ID<Kind.Holder>
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(holder)
        parameters.append(now)
    }
}

/// What one holder has now, in the order of ids.
struct ListAssignmentsOfHolder<Kind: AssignmentKind>: Statement {
    static var sql: SQL {
        Assignment<Kind>.select + "a." + Kind.holderColumn + " = ? AND a." + Kind.heldColumn + " > ?"
            + " AND (a.expires_at IS NULL OR a.expires_at > ?) ORDER BY a." + Kind.heldColumn + " LIMIT ?"
    }

    let holder: ID<Kind.Holder>
    var after: ID<Kind.Held> = .zero
    let now: Timestamp
    var limit = 1_000_000

    func bind(to parameters: inout Parameters) {
        parameters.append(holder)
        parameters.append(after)
        parameters.append(now)
        parameters.append(limit)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Assignment<Kind> {
        try Assignment(from: &columns)
    }
}

/// Who has something now, in the order of ids, from after one to another.
struct ListAssignmentsOfHeld<Kind: AssignmentKind>: Statement {
    static var sql: SQL {
        Assignment<Kind>.select + "a." + Kind.heldColumn + " = ? AND a." + Kind.holderColumn + " > ? AND a."
            + Kind.holderColumn + " <= ? AND (a.expires_at IS NULL OR a.expires_at > ?) ORDER BY a."
            + Kind.holderColumn + " LIMIT ?"
    }

    let held: ID<Kind.Held>
    let after: ID<Kind.Holder>
    var through: ID<Kind.Holder> = .greatest
    let now: Timestamp
    let limit: Int

    func bind(to parameters: inout Parameters) {
        parameters.append(held)
        parameters.append(after)
        parameters.append(through)
        parameters.append(now)
        parameters.append(limit)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Assignment<Kind> {
        try Assignment(from: &columns)
    }
}

/// Removes assignments that are over, a small batch at a time.
struct PurgeAssignments<Kind: AssignmentKind>: PurgeStatement {
    static var table: String { Kind.table.text }
    static var sql: SQL { "DELETE FROM " + Kind.table + " WHERE expires_at <= ? ORDER BY expires_at LIMIT 500" }
    let before: Timestamp
}
