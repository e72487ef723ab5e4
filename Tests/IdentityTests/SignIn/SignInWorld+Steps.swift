import Cryptography
import Mail
import Testing

@testable import Identity
@testable import MariaDB

extension SignInWorld {
    /// The context of a browser.
    func browser(_ source: String = "192.0.2.1") -> CallContext {
        CallContext(actor: .anonymous, source: SourceAddress(source), requestID: "r", deadline: .after(.seconds(600)))
    }

    /// The context of an administrator's script.
    var administrator: CallContext { .system(requestID: "r", deadline: .after(.seconds(600))) }

    /// The context of a calling application.
    func application(_ id: ServiceAccountID) -> CallContext {
        let credential = Caller.Credential.certificate
        let caller = Caller(id: id, name: "shop", scopes: .all, credential: credential)
        return CallContext(actor: .serviceAccount(caller), requestID: "r", deadline: .after(.seconds(600)))
    }

    /// Begins a flow for an address.
    func begin(_ address: String, _ context: CallContext? = nil) async throws -> StartedSignIn {
        try await signIn.begin(SignInRequest(identifier: address), context ?? browser())
    }

    /// The latest code that was mailed to an address, as it is shown there; nil without any.
    ///
    /// Messages that are due together arrive in any order: read the one before the next is asked for.
    func code(to address: String) async throws -> String? {
        await worker.deliverDue()
        let lines = post.messages(to: address).compactMap { mail in
            mail.text.split(separator: "\n").first { $0.hasPrefix("    ") }
        }
        return lines.last?.trimmingPrefix("    ").description
    }

    /// The subjects of what was mailed to an address, without the codes.
    func notices(to address: String) async throws -> [String] {
        await worker.deliverDue()
        return post.messages(to: address).map(\.subject).filter { !$0.hasPrefix("Code ") }
    }

    /// Submits what somebody typed.
    func submit(
        _ typed: String,
        _ handle: SecretBytes,
        _ context: CallContext? = nil
    ) async throws -> SignInOutcome {
        try await signIn.submitCode(handle, code: SecretBytes(utf8: typed), context ?? browser())
    }

    /// Begins, asks for a code where none comes unasked, reads the mail, submits.
    func signInCompletely(_ address: String, _ context: CallContext? = nil) async throws -> SignedIn {
        let started = try await begin(address, context)
        if core.parts.policy.passwords.isEnabled {
            _ = try await signIn.sendCode(started.handle, context ?? browser())
        }
        let code = try #require(try await code(to: address))
        let outcome = try await submit(code, started.handle, context)
        guard case .signedIn(let signedIn) = outcome else {
            throw Unexpected(outcome: "\(outcome)")
        }
        return signedIn
    }

    /// A user with an address that is proved.
    func makeUser(_ address: String) async throws -> UserID {
        let user = try await signInCompletely(address).session.userID
        clock.advance(.seconds(3600))
        return user
    }

    /// The one number that a query gives.
    func number(_ sql: String) async throws -> Int64 {
        try await database.read(deadline: .after(.seconds(600))) { transaction in
            try transaction.first(Question(text: sql)) ?? 0
        }
    }

    /// Runs a statement that changes rows or tables, on a connection of its own.
    func run(_ sql: String) throws {
        let connection = try Connection.openAny(configuration)
        try connection.execute(text: sql)
    }
}

/// A step came to something else than the test is about.
struct Unexpected: Error {
    let outcome: String
}

/// A query of one whole number.
struct Question: Statement {
    static let sql: SQL = "SELECT 0"
    let text: String
    var preparedSQL: SQL { SQL(unsafeSQL: text) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Int64 {
        try columns.next(Int64.self)
    }
}

/// An outcome without what differs from run to run.
enum OutcomeShape: Equatable {
    case signedIn, proceed, tryAgain, ended, throttled

    init(_ outcome: SignInOutcome) {
        switch outcome {
        case .signedIn: self = .signedIn
        case .proceed: self = .proceed
        case .refused(.tryAgain): self = .tryAgain
        case .refused(.ended): self = .ended
        case .refused(.throttled): self = .throttled
        }
    }
}

extension SignInOutcome {
    var shape: OutcomeShape { OutcomeShape(self) }
}
