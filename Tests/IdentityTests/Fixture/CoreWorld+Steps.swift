import Cryptography
import MariaDB

@testable import Identity

extension CoreWorld {
    /// The server itself: all rights.
    var system: CallContext { .system(requestID: "test", deadline: .after(.seconds(600))) }

    /// Nobody yet.
    func anonymous(_ source: String = "192.0.2.1") -> CallContext {
        CallContext(
            actor: .anonymous,
            source: SourceAddress(source),
            requestID: "test",
            deadline: .after(.seconds(600))
        )
    }

    /// A caller with these scopes; no account stands behind it.
    func caller(_ scopes: [String], id: ServiceAccountID? = nil) -> CallContext {
        let caller = Caller(
            id: id ?? parts.makeID(),
            name: "caller",
            scopes: ScopeSet(scopes) ?? .none,
            credential: .certificate
        )
        return CallContext(actor: .serviceAccount(caller), requestID: "test", deadline: .after(.seconds(600)))
    }

    /// A signed-in person.
    func person(_ session: Session) -> CallContext {
        CallContext(actor: .user(session, via: nil), requestID: "test", deadline: .after(.seconds(600)))
    }

    /// A user with one e-mail address that nobody proved.
    func makeUser(_ email: String) async throws -> User {
        try await core.users.create(NewUser(identifiers: [NewIdentifier(kind: .email, value: email)]), system)
    }

    /// A session, with its token.
    func makeSession(
        of user: UserID,
        level: AssuranceLevel = .aal1,
        methods: [String] = ["otp"],
        userAgent: String = "browser"
    ) async throws -> (session: Session, token: SecretBytes) {
        let store = SessionStore(parts: parts)
        let now = clock.now()
        var context = anonymous()
        context.userAgent = userAgent
        let made = context
        return try await parts.transaction(made) { transaction in
            try store.create(for: user, level: level, methods: methods, at: now, made, transaction)
        }
    }

    /// A person signed in as acts of administration demand it.
    func administrator(_ user: UserID) async throws -> CallContext {
        person(try await makeSession(of: user, level: .aal2, methods: ["hwk", "user"]).session)
    }

    /// A service account and the context of a call with a token of it.
    func makeAccount(
        _ name: String,
        scopes: [String],
        certificateNames: [String] = []
    ) async throws -> (account: ServiceAccount, secret: SecretBytes) {
        let account = try await core.serviceAccounts.create(
            name: name,
            description: "",
            scopes: scopes,
            certificateNames: certificateNames,
            system
        )
        return (account, try await core.serviceAccounts.createToken(account.id, lifetimeDays: 0, system).secret)
    }

    /// The context of a call with a token.
    func context(bearer secret: SecretBytes) async throws -> CallContext {
        var context = anonymous()
        context.actor = .serviceAccount(try await core.callers.authenticate(bearer: secret, context))
        return context
    }

    /// The same context with an idempotency key.
    func keyed(_ context: CallContext, _ key: String, body: UInt8 = 1, method: String = "Test/Call") -> CallContext {
        var context = context
        let hash = [UInt8](repeating: body, count: 32)
        context.idempotency = IdempotencyKey(key: Array(key.utf8), method: method, bodyHash: hash)
        return context
    }

    /// The one number that a query gives.
    func number(_ sql: String) async throws -> Int64 {
        try await database.read(deadline: .after(.seconds(600))) { try $0.first(Question(text: sql)) ?? 0 }
    }

    /// Runs a statement that changes rows.
    func run(_ sql: String) async throws {
        try await database.transaction(deadline: .after(.seconds(600))) { try $0.execute(script: SQL(unsafeSQL: sql)) }
    }

    /// How many audit events of a kind there are.
    func events(_ kind: AuditEventKind) async throws -> Int64 {
        try await number("SELECT COUNT(*) FROM audit_events WHERE kind = '\(kind.rawValue)'")
    }
}
