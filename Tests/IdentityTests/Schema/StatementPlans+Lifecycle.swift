import MariaDB

@testable import Identity

extension PlannedStatement {
    /// Names of users, invitations, and what becomes of accounts.
    static let ofLifecycle: [PlannedStatement] = ofIdentifiers + ofInvitations + ofMerging + ofExport

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

    private static var ofInvitations: [PlannedStatement] {
        let statements = [
            PlannedStatement(ListInvitations(after: InvitationID(exactly: user.bytes), limit: 51)),
            PlannedStatement(InvitationByID(id: .zero)), PlannedStatement(LockInvitation(id: .zero)),
            PlannedStatement(OpenInvitation(canonical: email, now: now)),
            PlannedStatement(RevokeInvitation(id: .zero, now: now)),
            PlannedStatement(RevokeInvitationsTo(canonical: email, now: now)),
            PlannedStatement(AcceptInvitation(id: .zero, user: user, now: now)),
            PlannedStatement(DeleteInvitationsToUser(user: user)), PlannedStatement(InvitationsOfUser(user: user)),
        ]
        let made = TokenText.make(.invitation, random: PlainRandom()).token
        guard let token = TokenHash(of: made, kind: .invitation) else { return statements }
        return statements + [
            PlannedStatement(InvitationByToken(token: token)),
            PlannedStatement(RenewInvitation(id: .zero, token: token, now: now, expiresAt: now)),
        ]
    }

    private static var ofMerging: [PlannedStatement] {
        let target = PlanFilling.userID(9)
        let statements = [
            PlannedStatement(MoveIdentifier(id: .zero, target: target, isPrimary: false)),
            PlannedStatement(MoveTOTPDevice(device: .zero, target: target, secret: [])),
            PlannedStatement(MoveUserHandle(source: user, target: target)),
            PlannedStatement(MovePasskey(passkey: .zero, target: target, handle: [])),
            PlannedStatement(MovePassword(source: user, target: target)),
            PlannedStatement(MoveFormerPasswords(source: user, target: target)),
            PlannedStatement(DeleteAllFormerPasswords(user: user)),
            PlannedStatement(MoveInvitations(source: user, target: target)),
            PlannedStatement(MoveProfile(source: user, target: target, revision: 2)),
            PlannedStatement(MoveProfileIndex(source: user, target: target)),
            PlannedStatement(MoveProfileUniqueValues(source: user, target: target)),
            PlannedStatement(DeleteProfile(user: user)), PlannedStatement(DeleteProfileIndex(user: user)),
            PlannedStatement(DeleteProfileUniqueValues(user: user)),
        ]
        guard let externalID = ExternalID("new-7") else { return statements }
        return statements + [PlannedStatement(SetExternalID(user: user, externalID: externalID))]
    }

    private static var ofExport: [PlannedStatement] {
        [
            PlannedStatement(ExportIdentifiers(user: user)), PlannedStatement(ExportSessions(user: user)),
            PlannedStatement(ExportDevices(user: user)), PlannedStatement(ExportSignIns(user: user)),
            PlannedStatement(ReadClaims(user: user)), PlannedStatement(ExportUndos(user: user)),
            PlannedStatement(ExportMessages(user: user)), PlannedStatement(ExportEvents(user: user, limit: 100)),
        ]
    }
}
