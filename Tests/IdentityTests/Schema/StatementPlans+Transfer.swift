import MariaDB

@testable import Identity

extension PlannedStatement {
    /// Import and export.
    static var ofTransfer: [PlannedStatement] {
        let user = PlanFilling.userID(7)
        let range = ExportRange(after: PlanFilling.userID(100), last: PlanFilling.userID(120))
        let keys = (0..<16).map { PlanFilling.userID($0) }
        let names = (0..<16).map { Array("user\($0)@example.com".utf8) }
        let externalIDs = (0..<16).compactMap { ExternalID("old-\($0)") }
        return [
            PlannedStatement(UsersWithID(keys: keys[...])),
            PlannedStatement(UsersWithExternalID(keys: externalIDs[...])),
            PlannedStatement(UsersWithEmail(keys: names[...])), PlannedStatement(UsersWithPhone(keys: names[...])),
            PlannedStatement(UsersWithUsername(keys: names[...])), PlannedStatement(ImportMarks(keys: keys[...])),
            PlannedStatement(DeleteImportMark(user: user)), PlannedStatement(DeleteIdentifiersOfUser(user: user)),
            PlannedStatement(DeleteTOTPDevices(user: user)), PlannedStatement(DeletePasskeys(user: user)),
            PlannedStatement(DeleteUserHandle(user: user)), PlannedStatement(AccountWasUsedHere(user: user)),
            PlannedStatement(LockIdentifiers(user: user)),
            PlannedStatement(ExportNames(range: range)), PlannedStatement(ExportProfiles(range: range)),
            PlannedStatement(ExportMemberships<AssignmentKinds.RoleOfUser>(range: range)),
            PlannedStatement(ExportMemberships<AssignmentKinds.MemberOfGroup>(range: range)),
            PlannedStatement(ExportMemberships<AssignmentKinds.RoleOfGroup>(range: range)),
            PlannedStatement(ExportNesting(range: range)),
            PlannedStatement(
                EdgeThere(edge: GroupEdge(parent: GroupID(exactly: user.bytes), child: GroupID(exactly: user.bytes)))
            ),
            PlannedStatement(ExportHandles(range: range)), PlannedStatement(ExportPasskeys(range: range)),
            PlannedStatement(ExportLogins(range: range)),
            PlannedStatement(ExportPasswords(range: range)), PlannedStatement(ExportFormerPasswords(range: range)),
            PlannedStatement(ExportTOTPDevices(range: range)), PlannedStatement(ExportRecoveryCodes(range: range)),
        ]
    }
}
