import MariaDB

@testable import Identity

extension PlannedStatement {
    /// The audit trail: every kind of list in both directions, the sealer and the verifier.
    static var ofAudit: [PlannedStatement] {
        let selectors: [AuditFilter.Selector] = [
            .none, .subjectUser(PlanFilling.userID(7)), .actor(PlanFilling.userID(7).bytes), .kind(.userCreated),
            .outcome(.failure),
        ]
        let time = Timestamp(microsecondsSinceEpoch: 1_767_226_000_000_000)
        let lists = [false, true].flatMap { newestFirst in
            selectors.map { selector in
                PlannedStatement(
                    ListEventsByTime(
                        selector: selector,
                        from: time,
                        until: time + .seconds(3600),
                        after: ListEventsByTime.Position(time: time + .seconds(600), id: .zero),
                        newestFirst: newestFirst,
                        limit: 51
                    )
                )
            } + [
                PlannedStatement(ListEventsBySequence(first: 100, last: 2000, newestFirst: newestFirst, limit: 51))
            ]
        }
        return lists + [
            PlannedStatement(ListUnsealedEvents(limit: 500)), PlannedStatement(ReadWhetherUnsealed()),
            PlannedStatement(ReadAuditHead()),
            PlannedStatement(
                ListActivity(
                    user: PlanFilling.userID(7),
                    before: ListEventsByTime.Position(time: time + .seconds(600), id: .greatest),
                    limit: 51
                )
            ),
            PlannedStatement(MarkEventsSealed(first: 100, last: 200)),
            PlannedStatement(ListSealsToVerify(after: 100, limit: 1000)),
        ]
    }
}
