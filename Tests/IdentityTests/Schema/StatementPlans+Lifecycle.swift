import MariaDB

@testable import Identity

extension PlannedStatement {
    /// Names of users, invitations, and what becomes of accounts.
    static let ofLifecycle: [PlannedStatement] = ofIdentifiers

    private static let now = Timestamp(microsecondsSinceEpoch: 1_800_000_000_000_000)
    private static let email = Array("user77@example.com".utf8)
    private static let user = PlanFilling.userID(7)

    private static var ofIdentifiers: [PlannedStatement] {
        let statements = [
            PlannedStatement(LockClaim(user: user)), PlannedStatement(DeleteClaimOfUser(user: user)),
            PlannedStatement(DeleteIdentifier(id: .zero, user: user)),
            PlannedStatement(DeleteIdentifiersProvedSince(user: user, since: now, kept: .zero)),
            PlannedStatement(SetPrimaryIdentifier(id: .zero, user: user, kind: .email)),
            PlannedStatement(LockIdentifierKey(id: .zero, user: user)),
            PlannedStatement(DeleteFlowsForName(kind: .email, canonical: email)),
            PlannedStatement(UseUndo(id: .zero, now: now)), PlannedStatement(DeleteUndosSince(user: user, since: now)),
            PlannedStatement(UndosSince(user: user, since: now)),
            PlannedStatement(PurgeClaims(before: PlanFilling.long)),
            PlannedStatement(PurgeUndos(before: PlanFilling.long)),
            PlannedStatement(PurgeInvitations(before: PlanFilling.long)),
        ]
        let made = TokenText.make(.undo, random: PlainRandom()).token
        guard let token = TokenHash(of: made, kind: .undo) else { return statements }
        return statements + [PlannedStatement(FindUndo(token: token))]
    }
}
