import MariaDB

@testable import Identity

extension PlannedStatement {
    /// Providers, logins there, and browsers on their way.
    static let ofExternalLogins: [PlannedStatement] = {
        let user = PlanFilling.userID(7)
        let login = ExternalLoginID(exactly: user.bytes)
        let statements = [
            PlannedStatement(ListExternalLogins(user: user)), PlannedStatement(LockExternalLogin(id: login)),
            PlannedStatement(LockExternalSubject(provider: .zero, issuer: "i", subject: "7")),
            PlannedStatement(UseExternalLogin(login: login, label: "x", now: PlanFilling.long)),
            PlannedStatement(DeleteExternalLogin(login: login)), PlannedStatement(DeleteExternalLogins(user: user)),
            PlannedStatement(FindOwnerOfLogin(login: login)),
            PlannedStatement(MoveExternalLogins(source: user, target: PlanFilling.userID(9))),
            PlannedStatement(LockOwnerOfLogin(login: login)), PlannedStatement(HasOtherMethods(user: user)),
            PlannedStatement(PurgeExternalFlows(before: PlanFilling.long)),
            PlannedStatement(PurgeExternalLogouts(before: PlanFilling.long)),
            PlannedStatement(SessionsOfSubject(provider: .zero, issuer: "i", subject: "7")),
            PlannedStatement(SessionsOfProviderSession(provider: .zero, issuer: "i", session: "7")),
            PlannedStatement(ProviderByID(id: .zero)), PlannedStatement(LockProvider(id: .zero)),
            PlannedStatement(ShareProvider(id: .zero)), PlannedStatement(ProviderByName(name: "p")),
            PlannedStatement(ListProviders(after: .zero, limit: 50)), PlannedStatement(DeleteProvider(id: .zero)),
            PlannedStatement(DeleteLoginsOfProvider(provider: .zero)),
            PlannedStatement(IsProviderUsed(provider: .zero)), PlannedStatement(AreLoginsOfUse(user: user)),
        ]
        let made = TokenText.make(.externalState, random: PlainRandom()).token
        guard let state = TokenHash(of: made, kind: .externalState) else { return statements }
        return statements + [
            PlannedStatement(LockExternalFlow(state: state)), PlannedStatement(DeleteExternalFlow(state: state)),
        ]
    }()
}
