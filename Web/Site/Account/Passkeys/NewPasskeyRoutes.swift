internal import HTTPTypes
internal import Identity

/// Adding a passkey: the browser makes it for options of this session, and the domain checks what it made.
enum NewPasskeyRoutes {
    private static let path = "/account/passkeys/add"
    /// A response with the certificates of its authenticator is larger than what people type.
    static let capacity = FormCapacity(bytes: 65_536, fields: 16)

    static func show(_ account: AccountVisit) async throws -> Answer {
        guard AccountArea.passkeys.isOffered(by: account.core.policy) else { throw PageRefusal.notFound }
        try await account.requireStrongestProof()
        let content = NewPasskeyContent(
            fieldProblem: account.visit.fieldProblem,
            value: account.visit.notice?.typed ?? account.texts["passkeys.default_name"]
        )
        return account.page(content, in: .passkeys, title: "passkeys.add_title", scripts: [.passkeys])
    }

    /// What the browser is to make a passkey for; asked for by the page's script.
    static func options(_ account: AccountVisit) async throws -> Answer {
        try await account.attempt(orBackTo: AccountArea.passkeys.path) {
            let options = try await account.core.passkeys.beginRegistration(account.context)
            return Answer(status: .ok, headers: [.contentType: "application/json"], body: Array(options.json.utf8))
        }
    }

    static func add(_ account: AccountVisit) async throws -> Answer {
        let name = account.form["name"]
        return try await account.attempt(orBackTo: path, typed: name) {
            let response = Array(account.form["response"].utf8)
            _ = try await account.core.passkeys.finishRegistration(response, name: name, account.context)
            return account.visit.redirect(AccountArea.passkeys.path, notice: Notice(.passkeyAdded))
        }
    }
}
