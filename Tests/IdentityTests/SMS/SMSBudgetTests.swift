import Cryptography
import Mail
import MariaDB
import Testing

@testable import Identity

/// What strangers can make us spend on messages (SECURITY OTP-08), and what they learn by it (EN-01, EN-02).
@Suite struct SMSBudgetTests {
    /// How many sign-ins with these numbers were begun before one was refused.
    private static func begun(_ numbers: [String], in world: SignInWorld) async throws -> Int {
        for (index, number) in numbers.enumerated() {
            do throws(FlowError) {
                let source = world.browser("198.51.\(index / 250).\(index % 250)")
                _ = try await world.signIn.begin(SignInRequest(identifier: number), source)
            } catch {
                guard case .throttled = error.code else { throw error }
                return index
            }
        }
        return numbers.count
    }

    private static func pad(_ number: Int) -> String { String(String(10_000 + number).dropFirst()) }

    @Test func `a hundred numbers of one block cost no more than the block's budget`() async throws {
        let world = try await SignInWorld.withSMS()
        #expect(try await Self.begun((0..<100).map { "+4915123\(Self.pad($0))" }, in: world) == 20)
        // Others are not concerned.
        _ = try await world.begin("+4915124\(Self.pad(1))")
    }

    /// Lets each number be somebody's who proved it.
    private static func own(_ numbers: [String], in world: SignInWorld) throws {
        for (index, number) in numbers.enumerated() {
            let id = "UNHEX(LPAD(HEX(\(index + 1)), 32, '0'))"
            try world.run(
                "INSERT INTO users (id, state, revision, created_at, updated_at) VALUES (\(id), 1, 1, NOW(6), NOW(6))"
            )
            try world.run(
                """
                INSERT INTO user_identifiers (id, user_id, kind, value, canonical, is_primary, created_at, verified_at)
                VALUES (\(id), \(id), 2, '\(number)', '\(number)', TRUE, NOW(6), NOW(6))
                """
            )
        }
    }

    /// SECURITY TH-05: what costs nothing keeps nobody out.
    @Test func `numbers that nobody has here use up neither a country's budget nor everybody's`() async throws {
        let world = try await SignInWorld.withSMS {
            $0.sms.sendsPerCountry = 5
            $0.sms.sendsPerDay = 8
            $0.throttling.totalShards = 1
        }
        let strangers = (0..<60).map { "+49151\(Self.pad($0))0000" }
        #expect(try await Self.begun(strangers, in: world) == 60)
        let known = (100..<110).map { "+49151\(Self.pad($0))0000" }
        try Self.own(known, in: world)
        #expect(try await Self.begun(known, in: world) == 5)
        // Once it is used up, it is for everybody, so that nothing is told.
        await expectRefusal(.throttled) { try await world.begin("+4915199990000", world.browser("203.0.113.9")) }
    }

    @Test func `a country has a budget, and so has everybody`() async throws {
        let world = try await SignInWorld.withSMS { $0.sms.sendsPerCountry = 30 }
        let numbers = (0..<60).map { "+49151\(Self.pad($0))0000" }
        try Self.own(numbers, in: world)
        #expect(try await Self.begun(numbers, in: world) == 30)
        _ = try await world.begin("+33612345678")
        let poor = try await SignInWorld.withSMS {
            $0.sms.sendsPerDay = 10
            $0.throttling.totalShards = 1
        }
        let abroad = (10..<60).map { "+\($0 + 21)151234567" }
        try Self.own(abroad, in: poor)
        #expect(try await Self.begun(abroad, in: poor) == 10)
        poor.clock.advance(.seconds(86_400))
        _ = try await poor.begin("+33612345678")
    }

    @Test func `a block that had enough uses nothing of the total up`() async throws {
        let world = try await SignInWorld.withSMS {
            $0.sms.sendsPerDay = 40
            $0.throttling.totalShards = 1
        }
        let numbers = (0..<100).map { "+4915123\(Self.pad($0))" }
        #expect(try await Self.begun(numbers, in: world) == 20)
        // For those that were asked for before, it is too early anyhow, and that says nothing.
        for number in numbers.dropFirst(21) {
            await expectRefusal(.throttled) { try await world.begin(number, world.browser("203.0.113.9")) }
        }
        _ = try await world.begin("+33612345678")
    }

    @Test func `all spellings of a number share its budget`() async throws {
        let world = try await SignInWorld.withSMS()
        _ = try await world.makeUser("a@example.com", phone: "+49 151 2345678")
        let spellings = ["+491512345678", "+49 151 2345678", "+49-151-234-5678", "+49 (151) 2345.678"]
        for spelling in spellings { _ = try await world.begin(spelling) }
        await world.worker.deliverDue()
        // The first one; the others came too early.
        #expect(world.phones.messages.count == 1)
    }

    @Test func `the budget of a number holds whoever asks`() async throws {
        let world = try await SignInWorld.withSMS()
        _ = try await world.makeUser("a@example.com", phone: "+491512345678")
        for index in 0..<12 {
            _ = try await world.begin("+491512345678", world.browser("198.51.100.\(index)"))
            await world.worker.deliverDue()
            world.clock.advance(.seconds(61))
        }
        #expect(world.phones.messages.count == 5)
    }

    /// SECURITY EN-01, EN-02: the same view and the same rows, and nothing is sent to whom nobody knows.
    @Test func `a known number looks like an unknown and an unproved one`() async throws {
        let world = try await SignInWorld.withSMS()
        _ = try await world.makeUser("a@example.com", phone: "+491512345601")
        let user = try await world.makeUser("b@example.com")
        try world.prove("+491512345602", of: user)
        try world.run("UPDATE user_identifiers SET verified_at = NULL WHERE canonical = '+491512345602'")
        var views: [SignInView] = []
        for number in ["+491512345601", "+491512345602", "+491512345603"] {
            let started = try await world.begin(number)
            views.append(started.view)
            #expect(try await world.submit("000000", started.handle).shape == .tryAgain)
        }
        #expect(Set(views.map(\.steps.count)) == [1])
        let shapes = views.map { view in
            view.steps.map { step in
                if case .code(let code) = step {
                    "\(code.length) \(code.expiresAt) \(code.resendAt)"
                } else {
                    "\(step)"
                }
            }
        }
        #expect(Set(shapes).count == 1)
        let rows = "SELECT COUNT(*) FROM outbox WHERE kind = 8"
        #expect(try await world.number(rows) == 3)
        #expect(
            try await world.number(
                rows + " AND LENGTH(payload) = (SELECT MIN(LENGTH(payload)) FROM outbox WHERE kind = 8)"
            ) == 3
        )
        await world.worker.deliverDue()
        #expect(world.phones.messages.map(\.to) == ["+491512345601"])
        #expect(try await world.number("SELECT COUNT(*) FROM users") == 2)
    }

    @Test(arguments: [
        ("+12025550100", "1"), ("+79161234567", "7"), ("+491512345678", "49"), ("+33612345678", "33"),
        ("+35312345678", "353"), ("+998901234567", "998"), ("+8801712345678", "880"), ("+862112345678", "86"),
    ])
    func `a number belongs to the country of its calling code`(number: String, code: String) {
        #expect(CallingCode.of(Array(number.utf8)) == code)
    }
}
