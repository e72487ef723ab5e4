import MariaDB

@testable import Identity

extension PlannedStatement {
    /// Applications, tickets and the sessions that came of them.
    static var ofApplications: [PlannedStatement] {
        let now = Timestamp(microsecondsSinceEpoch: 1_800_000_000_000_000)
        let application = ApplicationID(exactly: PlanFilling.userID(7).bytes)
        let session = SessionID(exactly: PlanFilling.userID(7).bytes)
        let ticket = TokenHash(of: TokenText.make(.ticket, random: PlainRandom()).token, kind: .ticket)
        let statements = [
            PlannedStatement(ApplicationByID.self, keys: [application, application]),
            PlannedStatement(ShareApplication(id: application)), PlannedStatement(LockApplication(id: application)),
            PlannedStatement(ListApplications(after: application, limit: 51)),
            PlannedStatement(DeleteApplication(id: application)),
            PlannedStatement(DeleteSessionsOfApplication(application: application)),
            PlannedStatement(ConsumeTicket(ticket: .zero, now: now)),
            PlannedStatement(NoteTicketSession(ticket: .zero, session: session)),
            PlannedStatement(DeleteDerivedSessions(parent: session)),
            PlannedStatement(CountDerivedSessions(parent: session, application: .zero)),
            PlannedStatement(DeleteOldestDerivedSessions(parent: session, application: .zero, count: 1)),
            PlannedStatement(MoveDerivedSessions(from: session, to: .zero)),
            PlannedStatement(ShortenDerivedSessions(parent: session, end: now)),
            PlannedStatement(ExportTickets(user: PlanFilling.userID(7))),
        ]
        return statements + (ticket.map { [PlannedStatement(LockTicket(hash: $0))] } ?? [])
    }
}
