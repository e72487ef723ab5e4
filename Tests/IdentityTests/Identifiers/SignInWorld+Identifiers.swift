import Cryptography
import Mail
import Testing

@testable import Identity

extension SignInWorld {
    /// The code that was mailed to an address last, waiting for it to be sent.
    func claimCode(to address: String) async throws -> SecretBytes {
        SecretBytes(utf8: try #require(try await code(to: address)))
    }

    /// Adds an address to a person and proves it.
    func add(
        _ address: String,
        replacing replaced: IdentifierID? = nil,
        _ person: CallContext
    ) async throws -> User {
        let claim = try await core.identifiers.begin(.email, address, replacing: replaced, person)
        let code = try await claimCode(to: address)
        return try #require(try await core.identifiers.confirm(claim.id, code: code, person))
    }

    /// The secret of the link that was mailed to an address last.
    func linkSecret(to address: String) async throws -> SecretBytes {
        await worker.deliverDue()
        let texts = post.messages(to: address).map(\.text)
        let secret = texts.compactMap { text in
            text.split(separator: "?token=").dropFirst().first?.split(separator: "\n").first
        }.last
        return SecretBytes(utf8: String(try #require(secret)))
    }

    /// The id of a name of a user.
    func identifier(_ value: String, of user: UserID) async throws -> IdentifierID {
        let found = try await core.users.get(user, administrator).identifiers.first { $0.value == value }
        return try #require(found).id
    }
}

extension User {
    /// The names, the main ones with a star.
    var names: Set<String> { Set(identifiers.map { $0.value + ($0.isPrimary ? "*" : "") }) }
}
