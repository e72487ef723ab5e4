import Cryptography
import MariaDB
import Testing

@testable import Identity

/// The rows EN of SECURITY 1.13: nothing tells a name that is known from one that is not.
@Suite struct SignInEnumerationTests {
    /// What a name can be.
    enum SubjectState: CaseIterable {
        case none, active, enteredByAdministrator, disabled, locked, pendingDeletion
    }

    private static let address = "ada@example.com"

    /// A world whose address is in this state.
    private func makeWorld(_ state: SubjectState, lanes: Int = 4, _ policy: SelfRegistration = .open) async throws
        -> SignInWorld
    {
        let world = try await SignInWorld(lanes: lanes) { $0.selfRegistration = policy }
        guard state != .none else { return world }
        let request = NewUser(identifiers: [NewIdentifier(kind: .email, value: Self.address)])
        let users = world.core.users
        let user = try await users.create(request, world.administrator)
        if state != .enteredByAdministrator { _ = try await world.signInCompletely(Self.address) }
        switch state {
        case .none, .active, .enteredByAdministrator: break
        case .disabled: _ = try await users.disable(user.id, reason: "test", world.administrator)
        case .locked:
            let end = world.clock.now() + .seconds(864_000)
            _ = try await users.lock(user.id, until: end, reason: "test", world.administrator)
        case .pendingDeletion: _ = try await users.delete(user.id, world.administrator)
        }
        try world.run("TRUNCATE throttles")
        try world.run("DELETE FROM audit_events")
        return world
    }

    /// Every answer of a walk over all entry points, without ids and moments, and how many statements each took.
    private func walk(_ world: SignInWorld) async throws -> [String] {
        var answers: [String] = []
        func note(_ name: String, _ body: () async throws -> String) async {
            let before = world.database.statementCount
            let answer: String
            do { answer = try await body() } catch { answer = "\(error)" }
            answers.append("\(name): \(answer) in \(world.database.statementCount - before)")
        }
        let browser = world.browser()
        let start = world.clock.now()
        func shape(_ view: SignInView) -> String {
            let steps = view.steps.map { step -> String in
                guard case .code(let code) = step else { return "identify" }
                return "\(code.maskedAddress) \(code.length) \(code.expiresAt - start) \(code.resendAt - start)"
            }
            return "\(view.expiresAt - start) \(steps)"
        }
        let blank = try await world.signIn.begin(SignInRequest(), browser)
        await note("identify") {
            shape(try await world.signIn.identify(blank.handle, identifier: Self.address, browser))
        }
        await note("view") { shape(try await world.signIn.view(blank.handle, browser)) }
        await note("resend too early") { shape(try await world.signIn.sendCode(blank.handle, browser)) }
        world.clock.advance(.seconds(61))
        var handle = blank.handle
        await note("begin") {
            let started = try await world.signIn.begin(SignInRequest(identifier: Self.address), browser)
            handle = started.handle
            return shape(started.view)
        }
        for round in 0..<20 {
            await note("wrong \(round)") { "\(try await world.submit("00000000", handle, browser).shape)" }
            world.clock.advance(.seconds(21))
            if round % 3 == 2 {
                await note("resend \(round)") { shape(try await world.signIn.sendCode(handle, browser)) }
            }
        }
        await note("cancel") {
            try await world.signIn.cancel(handle, browser)
            return "done"
        }
        await note("view ended") { shape(try await world.signIn.view(handle, browser)) }
        return answers
    }

    @Test(arguments: [SelfRegistration.open, .closed])
    func `answers and the number of statements are the same in every state`(policy: SelfRegistration) async throws {
        let reference = try await walk(makeWorld(.none, policy))
        #expect(reference.count > 20)
        for state in SubjectState.allCases {
            let answers = try await walk(makeWorld(state, policy))
            #expect(answers == reference, "\(state)")
        }
    }

    @Test(arguments: [SelfRegistration.open, .closed])
    func `the rows written are the same in every state`(policy: SelfRegistration) async throws {
        var reference: [Int64] = []
        for state in SubjectState.allCases {
            let world = try await makeWorld(state, policy)
            var before: [Int64] = []
            let tables = ["sign_in_flows", "one_time_codes", "throttles", "outbox", "audit_events"]
            for table in tables { before.append(try await world.number("SELECT COUNT(*) FROM \(table)")) }
            let started = try await world.begin(Self.address)
            _ = try await world.submit("00000000", started.handle)
            var written: [Int64] = []
            for (table, count) in zip(tables, before) {
                written.append(try await world.number("SELECT COUNT(*) FROM \(table)") - count)
            }
            if state == .none { reference = written }
            #expect(written == reference, "\(state)")
        }
        #expect(reference.allSatisfy { $0 > 0 })
    }

    @Test func `the statements themselves are the same for a known and an unknown name`() async throws {
        var reference: [String] = []
        for state in SubjectState.allCases {
            let world = try await makeWorld(state, lanes: 1, .closed)
            let connection = try await world.number("SELECT CONNECTION_ID()")
            try world.run("SET GLOBAL log_output = 'TABLE'")
            try world.run("SET GLOBAL general_log = ON")
            let started = try await world.begin(Self.address)
            _ = try await world.submit("00000000", started.handle)
            let log = try await world.database.read(deadline: .after(.seconds(600))) { transaction in
                try transaction.all(LoggedStatements(connection: connection))
            }
            try world.run("SET GLOBAL general_log = OFF")
            if state == .none { reference = log }
            #expect(log == reference, "\(state)")
        }
        // Most of them are compound.
        #expect(reference.count > 8)
    }

    @Test(arguments: [SubjectState.disabled, .locked, .pendingDeletion])
    func `the right code of a user who may not sign in ends the flow without a word`(state: SubjectState) async throws {
        let world = try await makeWorld(state)
        let started = try await world.begin(Self.address)
        let code = try #require(try await world.code(to: Self.address))
        #expect(try await world.submit(code, started.handle).shape == .ended)
        #expect(try await world.submit(code, started.handle).shape == .ended)
        #expect(try await world.number("SELECT COUNT(*) FROM sessions") == 0)
    }

    @Test func `a lock that is over lets its user in`() async throws {
        let world = try await makeWorld(.locked)
        world.clock.advance(.seconds(864_000))
        #expect(!(try await world.signInCompletely(Self.address)).isNewUser)
    }

    @Test func `handles that are unknown, another's, altered or of another kind are all an ended flow`() async throws {
        let world = try await SignInWorld()
        let mine = try await world.begin(Self.address)
        let unknown = TokenText.make(.flowHandle, random: SystemRandom()).token
        let session = TokenText.make(.session, random: SystemRandom()).token
        let altered = SecretBytes(copying: mine.handle.withBytes { Array($0.dropLast()) + [0x21] })
        let shop = world.application(.make(at: world.clock.now(), random: SystemRandom()))
        let cases: [(SecretBytes, CallContext)] = [
            (unknown, world.browser()), (session, world.browser()), (altered, world.browser()),
            (SecretBytes(copying: []), world.browser()), (mine.handle, shop),
        ]
        for (handle, context) in cases {
            await #expect { try await world.signIn.view(handle, context) } throws: {
                ($0 as? FlowError)?.reason == .signInFlowEnded
            }
            await #expect { try await world.signIn.sendCode(handle, context) } throws: {
                ($0 as? FlowError)?.reason == .signInFlowEnded
            }
            #expect(try await world.submit("00000000", handle, context).shape == .ended)
            try await world.signIn.cancel(handle, context)
        }
        #expect(world.comparisons.count == 0)
        #expect(try await world.signIn.view(mine.handle, world.browser()).steps.count == 1)
    }
}

/// The beginnings of the statements a connection ran, in order; values come later in all of ours.
struct LoggedStatements: Statement {
    static let sql: SQL = """
        SELECT CONVERT(LEFT(argument, 40) USING utf8mb4) FROM mysql.general_log
        WHERE thread_id = ? AND command_type = 'Execute'
        """

    let connection: Int64

    func bind(to parameters: inout Parameters) {
        parameters.append(connection)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> String {
        try columns.next(String.self)
    }
}
