import Cryptography
import Foundation
import Testing

@testable import Identity
@testable import MariaDB

/// Lists, streams and checks of the stored trail.
@Suite(.timeLimit(.minutes(10)))
struct AuditFlowsTests {
    private static let kinds: [AuditEventKind] = [.userCreated, .signInRefused, .sessionCreated]
    private static let outcomes: [AuditEvent.Outcome] = [.success, .failure, .denied]

    /// A trail of `count` events whose fields cycle, several at one time.
    private func withTrail(_ count: Int, _ body: (CoreWorld, [UserID]) async throws -> Void) async throws {
        try await withCore { world in
            let users = (0..<3).map { _ in world.parts.makeID(UserID.self) }
            let store = AuditStore(parts: world.parts)
            for number in 0..<count {
                if number.isMultiple(of: 4) { world.clock.advance(.seconds(1)) }
                let event = AuditEvent(
                    Self.kinds[number % 3],
                    outcome: Self.outcomes[number / 3 % 3],
                    subjectUser: users[number / 2 % 3],
                    details: ["number": "\(number)"]
                )
                let context =
                    number % 5 == 0 ? world.caller([], id: ServiceAccountID(exactly: users[0].bytes)) : world.system
                try await world.parts.transaction(context) { try store.append(event, context, $0) }
            }
            await AuditSealer(world.parts) { _ in }.sealAll()
            try await body(world, users)
        }
    }

    private func walk(_ filter: AuditFilter, size: UInt32, _ world: CoreWorld) async throws -> [SealedEvent] {
        var all: [SealedEvent] = []
        var token = ""
        repeat {
            let page = try await world.core.audit.list(filter, PageRequest(size: size, token: token), world.system)
            #expect(page.items.count <= Int(size))
            all += page.items
            token = page.nextPageToken ?? ""
        } while !token.isEmpty
        return all
    }

    private func filters(_ users: [UserID], _ all: [SealedEvent]) -> [(AuditFilter, (SealedEvent) -> Bool)] {
        let (from, until) = (all[10].record.occurredAt, all[40].record.occurredAt)
        var result: [(AuditFilter, (SealedEvent) -> Bool)] = [(AuditFilter(), { _ in true })]
        func add(_ matches: @escaping (SealedEvent) -> Bool, _ change: (inout AuditFilter) -> Void) {
            var filter = AuditFilter()
            change(&filter)
            result.append((filter, matches))
        }
        for user in users { add({ $0.record.subjectUser == user.bytes }) { $0.subjectUser = user } }
        for user in users { add({ $0.record.actorID == user.bytes }) { $0.actor = user.bytes } }
        for kind in Self.kinds { add({ $0.record.kind == kind.rawValue }) { $0.kind = kind.rawValue } }
        for outcome in Self.outcomes { add({ $0.record.outcome == outcome.rawValue }) { $0.outcome = outcome } }
        result += result.map { filter, matches in
            var timed = filter
            (timed.from, timed.until) = (from, until)
            return (timed, { matches($0) && $0.record.occurredAt >= from && $0.record.occurredAt < until })
        }
        add({ $0.record.occurredAt >= from }) { $0.from = from }
        add({ $0.record.occurredAt < until }) { $0.until = until }
        add({ (7...33).contains($0.sequence) }) { ($0.firstSequence, $0.lastSequence) = (7, 33) }
        add({ $0.sequence >= 20 }) { $0.firstSequence = 20 }
        add({ $0.sequence <= 20 }) { $0.lastSequence = 20 }
        return result
    }

    @Test func `every filter in both directions and any page size gives what a look at all events gives`() async throws
    {
        try await withTrail(60) { world, users in
            let all = try await walk(AuditFilter(), size: 1000, world)
            #expect(all.map(\.sequence) == Array(1...60))
            for (filter, matches) in filters(users, all) {
                let wanted = all.filter(matches).map(\.sequence)
                for size in [UInt32(1), 7, 1000] {
                    var filter = filter
                    #expect(try await walk(filter, size: size, world).map(\.sequence).sorted() == wanted)
                    filter.newestFirst = true
                    let backwards = try await walk(filter, size: size, world)
                    #expect(backwards.map(\.sequence).sorted() == wanted)
                    let times = backwards.map(\.record.occurredAt)
                    #expect(zip(times, times.dropFirst()).allSatisfy { $0 >= $1 })
                }
            }
        }
    }

    @Test func `what no index serves is refused by its field`() async throws {
        try await withCore { world in
            let user = world.parts.makeID(UserID.self)
            let changes: [(String, (inout AuditFilter) -> Void)] = [
                ("kind", { ($0.subjectUser, $0.kind) = (user, "user.created") }),
                ("actor_id", { ($0.subjectUser, $0.actor) = (user, user.bytes) }),
                ("outcome", { ($0.kind, $0.outcome) = ("user.created", .failure) }),
                ("first_sequence", { ($0.subjectUser, $0.firstSequence) = (user, 1) }),
                ("last_sequence", { ($0.from, $0.lastSequence) = (world.clock.now(), 1) }),
                ("kind", { $0.kind = "no.such" }),
            ]
            for (field, change) in changes {
                var filter = AuditFilter()
                change(&filter)
                let refusal = await expectRefusal(.fieldInvalid) {
                    try await world.core.audit.list(filter, PageRequest(), world.system)
                }
                guard case .invalidInput(let problems)? = refusal?.code else {
                    Issue.record("no field named")
                    continue
                }
                #expect(problems.map(\.field) == [field])
            }
        }
    }

    @Test func `a page token serves its own filter and caller only`() async throws {
        try await withTrail(10) { world, users in
            var filter = AuditFilter()
            let token = try await world.core.audit.list(filter, PageRequest(size: 3), world.system).nextPageToken ?? ""
            filter.newestFirst = true
            await expectRefusal(.pageTokenInvalid) {
                try await world.core.audit.list(filter, PageRequest(token: token), world.system)
            }
            await expectRefusal(.pageTokenInvalid) {
                try await world.core.audit.list(
                    AuditFilter(),
                    PageRequest(token: token),
                    world.caller(["audit.read"])
                )
            }
        }
    }

    @Test func `nobody reads the trail without the permission`() async throws {
        try await withCore { world in
            let context = world.caller(["users.read", "server.read"])
            await expectRefusal(.permissionMissing) { try await world.core.audit.head(context) }
            await expectRefusal(.permissionMissing) {
                try await world.core.audit.list(AuditFilter(), PageRequest(), context)
            }
            await expectRefusal(.permissionMissing) {
                try await world.core.audit.watch(after: 0, untilHead: true, context) { _ in }
            }
            await expectRefusal(.permissionMissing) {
                try await world.core.audit.verify(anchors: [], context) { _ in }
            }
            _ = try await world.core.audit.head(world.caller(["audit.read"]))
        }
    }

    /// SECURITY LOG-01.
    @Test func `who looks at the trail stands in it, once for each look and not for each page`() async throws {
        try await withTrail(30) { world, users in
            let auditor = world.caller(["audit.read"])
            var filter = AuditFilter()
            filter.subjectUser = users[0]
            let first = try await world.core.audit.list(filter, PageRequest(size: 2), auditor)
            _ = try await world.core.audit.list(filter, PageRequest(size: 2, token: first.nextPageToken ?? ""), auditor)
            #expect(try await world.events(.auditViewed) == 1)
            try await world.core.audit.watch(after: 0, untilHead: true, auditor) { _ in }
            #expect(try await world.events(.auditViewed) == 2)
            await AuditSealer(world.parts) { _ in }.sealAll()
            let views = try await walk(AuditFilter(), size: 1000, world).filter { $0.record.kind == "audit.viewed" }
            #expect(views.map(\.record.subjectUser) == [nil, nil])
            // The server's own looks, and refused ones, are none.
            #expect(try await world.events(.auditViewed) == 2)
            await expectRefusal(.permissionMissing) {
                try await world.core.audit.list(filter, PageRequest(), world.caller(["users.read"]))
            }
            #expect(try await world.events(.auditViewed) == 2)
        }
    }

    @Test func `an export is the whole trail or what follows a number, and ends`() async throws {
        try await withTrail(30) { world, _ in
            for after in [UInt64(0), 1, 29, 30] {
                var seen: [UInt64] = []
                try await world.core.audit.watch(after: after, untilHead: true, world.system) { batch in
                    seen += batch.events.map(\.sequence)
                }
                #expect(seen == Array((after + 1)..<31))
            }
            await expectRefusal(.fieldInvalid) {
                try await world.core.audit.watch(after: 31, untilHead: true, world.system) { _ in }
            }
        }
    }

    @Test func `a watcher gets what is sealed later, here or by another server, each once`() async throws {
        let configuration = try await SharedServer.makeDatabase(lanes: 4)
        let (here, there) = (try CoreWorld(configuration), try CoreWorld(configuration))
        let (numbers, note) = AsyncStream<UInt64>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await here.core.audit.watch(after: 0, untilHead: false, here.system) { batch in
                    for event in batch.events { note.yield(event.sequence) }
                }
            }
            var expected = UInt64(1)
            var iterator = numbers.makeAsyncIterator()
            for world in [here, there, here, there] {
                let store = AuditStore(parts: world.parts)
                for _ in 0..<3 {
                    try await world.parts.transaction(world.system) {
                        try store.append(AuditEvent(.userUpdated), world.system, $0)
                    }
                }
                await AuditSealer(world.parts) { _ in }.sealAll()
                for _ in 0..<3 {
                    #expect(await iterator.next() == expected)
                    expected += 1
                }
            }
            group.cancelAll()
        }
    }

    @Test func `what is done to the stored rows is found at its number`() async throws {
        let hex = { (number: Int) in "(SELECT event_id FROM audit_seals WHERE sequence = \(number))" }
        let cases: [(String, UInt64, AuditVerifier.Fault.Problem)] = [
            ("DELETE FROM audit_events WHERE id = \(hex(7))", 7, .missing),
            ("DELETE FROM audit_seals WHERE sequence = 9", 9, .missing),
            ("UPDATE audit_events SET outcome = 1 + outcome % 3 WHERE id = \(hex(4))", 4, .altered),
            ("UPDATE audit_events SET details = '{}' WHERE id = \(hex(30))", 30, .altered),
            ("UPDATE audit_events SET subject_user_id = NULL WHERE id = \(hex(1))", 1, .altered),
            ("UPDATE audit_seals SET sealed_at = '2020-01-01' WHERE sequence = 12", 12, .altered),
            ("UPDATE audit_seals SET digest = REPEAT('x', 32) WHERE sequence = 13", 13, .altered),
            ("UPDATE audit_seals SET code = REPEAT('x', 32) WHERE sequence = 14", 14, .forged),
            ("UPDATE audit_seals SET key_id = 77 WHERE sequence >= 25", 25, .forged),
            ("UPDATE audit_seals SET sequence = 1000 WHERE sequence = 5", 5, .missing),
            ("DELETE FROM audit_seals WHERE sequence > 28", 29, .truncated),
        ]
        for (statement, sequence, problem) in cases {
            try await withTrail(30) { world, _ in
                let anchor = try await world.core.audit.head(world.system)
                #expect(try await verification(of: world, anchors: [anchor])?.fault == nil)
                try await world.run(statement)
                let found = try await verification(of: world, anchors: [anchor])
                #expect(found?.fault == AuditVerifier.Fault(sequence: sequence, problem: problem), "\(statement)")
                #expect(found?.checked == sequence - 1, "\(statement)")
            }
        }
    }

    @Test func `two events that changed places are found at the first`() async throws {
        try await withTrail(20) { world, _ in
            for (from, to) in [(6, 1000), (11, 6), (1000, 11)] {
                try await world.run("UPDATE audit_seals SET sequence = \(to) WHERE sequence = \(from)")
            }
            #expect(try await verification(of: world)?.fault?.sequence == 6)
        }
    }

    @Test func `a trail forged by someone with the database and without the key is found`() async throws {
        try await withTrail(20) { world, _ in
            let all = try await walk(AuditFilter(), size: 1000, world)
            var digest = all[9].digest
            for event in all[10...] {
                var record = event.record
                record.requestID = "forged"
                digest = AuditChain.digest(
                    of: record,
                    sequence: event.sequence,
                    sealedAt: event.sealedAt,
                    after: digest
                )
                try await world.run(
                    "UPDATE audit_seals SET digest = X'\(Hex.encode(digest))' WHERE sequence = \(event.sequence)"
                )
            }
            try await world.run(
                """
                UPDATE audit_events e JOIN audit_seals s ON s.event_id = e.id SET e.request_id = 'forged' WHERE s.sequence > 10
                """
            )
            let found = try await verification(of: world)?.fault
            #expect(found == AuditVerifier.Fault(sequence: 11, problem: .forged))
        }
    }

    /// SECURITY LOG-05.
    @Test func `control bytes come back as they were written, as data and not as structure`() async throws {
        try await withCore { world in
            let text = "a\r\nb\u{1B}[31m\u{202E}\u{0}\"}"
            var context = world.system
            context.requestID = "x\r\ny\u{1B}]0;\u{202E}"
            let (made, store) = (context, AuditStore(parts: world.parts))
            try await world.parts.transaction(made) {
                try store.append(AuditEvent(.userUpdated, details: ["text": text]), made, $0)
            }
            await AuditSealer(world.parts) { _ in }.sealAll()
            let event = try await walk(AuditFilter(), size: 10, world).first
            #expect(event?.record.requestID == made.requestID)
            let details = try #require(event?.record.details)
            #expect(details.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
            let read = try JSONSerialization.jsonObject(with: Data(details.utf8)) as? [String: String]
            #expect(read == ["text": text])
            #expect(try await verification(of: world)?.fault == nil)
        }
    }
}
