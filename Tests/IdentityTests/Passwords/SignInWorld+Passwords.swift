import Cryptography
import MariaDB
import Passwords
import Testing

@testable import Identity

extension IdentityPolicy {
    /// Lets people sign in with passwords, which are hashed as cheaply as can be.
    mutating func takePasswords(listed: [String] = []) throws {
        passwords.policy = PasswordPolicy(
            blocklists: [Blocklist(passwords: listed)],
            siteNames: ["Gatehouse", "id.example.org"]
        )
        try hashCheaply()
    }

    mutating func hashCheaply() throws {
        let parameters = try #require(Argon2Parameters(memory: 8, passes: 1, lanes: 1))
        passwords.hashing = HashLaneConfiguration(threads: 2, parameters: parameters, niceness: 0)
    }
}

extension SignInWorld {
    /// A password that is good enough alone.
    static let password = "violet tandem 93 kettle"

    /// A world of people with passwords.
    static func withPasswords(
        lanes: Int = 4,
        listed: [String] = [],
        _ change: (inout IdentityPolicy) -> Void = { _ in }
    ) async throws -> SignInWorld {
        var passwords = IdentityPolicy()
        try passwords.takePasswords(listed: listed)
        let rules = passwords.passwords
        return try await SignInWorld(lanes: lanes) { policy in
            policy.passwords = rules
            change(&policy)
        }
    }

    /// A user who signed in with a code and set a password; an hour passes.
    @discardableResult
    func userWithPassword(_ address: String, _ password: String = SignInWorld.password) async throws -> Session {
        let session = try await signInCompletely(address).session
        try await core.passwords.set(SecretBytes(utf8: password), current: nil, person(session))
        await worker.deliverDue()
        clock.advance(.seconds(3600))
        return session
    }

    /// Begins a flow for any name and submits a password.
    func tryPassword(
        _ password: String,
        of name: String,
        _ context: CallContext? = nil,
        wanting demand: AssuranceDemand = .nothing
    ) async throws -> (handle: SecretBytes, outcome: SignInOutcome) {
        let context = context ?? browser()
        let started = try await signIn.begin(SignInRequest(identifier: name, demand: demand), context)
        let outcome = try await signIn.submitPassword(started.handle, password: SecretBytes(utf8: password), context)
        return (started.handle, outcome)
    }

    /// Signs in with a password alone.
    func signInByPassword(
        _ address: String,
        _ password: String = SignInWorld.password,
        _ context: CallContext? = nil
    ) async throws -> SignedIn {
        let outcome = try await tryPassword(password, of: address, context).outcome
        guard case .signedIn(let signedIn) = outcome else { throw Unexpected(outcome: "\(outcome)") }
        return signedIn
    }

    /// The record that is stored for the one user who has a password.
    func storedRecord() async throws -> String {
        try await database.read(deadline: .after(.seconds(600))) { transaction in
            try transaction.first(StoredRecordText()) ?? ""
        }
    }
}

/// The text of a stored password record.
private struct StoredRecordText: Statement {
    static let sql: SQL = "SELECT record FROM passwords LIMIT 1"

    static func row(from columns: inout Columns) throws(DatabaseError) -> String {
        String(decoding: try columns.next([UInt8].self), as: UTF8.self)
    }
}
