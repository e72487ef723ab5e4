internal import Identity
internal import MariaDB

/// The addresses of an account: which there are, which is the main one, and taking one away.
enum AddressRoutes {
    static func show(_ account: AccountVisit) async throws -> Answer {
        let user = try await account.core.users.get(account.session.userID, account.context)
        let claim = try await account.core.identifiers.waiting(account.context)
        let waiting = claim.map { claim in
            AddressesContent.WaitingView(
                sentence: account.texts.text("addresses.waiting", ["address": claim.value]),
                id: claim.id.description
            )
        }
        let phones = views(of: .phone, user, account)
        let username = user.identifiers.first { $0.kind == .username }?.value
        let content = AddressesContent(
            waiting: waiting,
            emails: views(of: .email, user, account),
            phones: phones,
            hasPhones: !phones.isEmpty,
            username: username,
            hasUsernames: username != nil || account.core.policy.passwords.isEnabled
        )
        return account.page(content, in: .addresses)
    }

    private static func views(
        of kind: IdentifierKind,
        _ user: User,
        _ account: AccountVisit
    ) -> [AddressesContent.AddressView] {
        let own = user.identifiers.filter { $0.kind == kind }.sorted { $0.isPrimary && !$1.isPrimary }
        return own.map { identifier in
            let isProved = identifier.verifiedAt != nil
            func label(_ id: String) -> String { account.texts.text(id, ["address": identifier.value]) }
            func path(_ page: String, if isOffered: Bool) -> String? {
                isOffered ? "/account/addresses/\(page)?id=\(identifier.id)" : nil
            }
            return AddressesContent.AddressView(
                address: identifier.value,
                isMain: identifier.isPrimary && own.count > 1,
                isUnproved: !isProved,
                mainPath: path("main", if: isProved && !identifier.isPrimary),
                provePath: path("add", if: !isProved && kind == .email),
                replacePath: path("add", if: isProved && kind == .email),
                removePath: "/account/addresses/remove?id=\(identifier.id)",
                mainLabel: label("addresses.main_label"),
                proveLabel: label("addresses.prove_label"),
                replaceLabel: label("addresses.replace_label"),
                removeLabel: label("addresses.remove_label")
            )
        }
    }

    /// One's own address with the id that a page or form names.
    static func identifier(_ text: String, _ account: AccountVisit) async throws -> UserIdentifier {
        let user = try await account.core.users.get(account.session.userID, account.context)
        guard let id = IdentifierID(text: text), let found = user.identifiers.first(where: { $0.id == id }) else {
            throw PageRefusal.notFound
        }
        return found
    }

    static func askMain(_ account: AccountVisit) async throws -> Answer {
        let identifier = try await identifier(account.query["id"], account)
        return try await ask("main", about: identifier, account)
    }

    static func askRemoval(_ account: AccountVisit) async throws -> Answer {
        let identifier = try await identifier(account.query["id"], account)
        return try await ask("remove", about: identifier, account)
    }

    private static func ask(
        _ action: String,
        about identifier: UserIdentifier,
        _ account: AccountVisit
    ) async throws -> Answer {
        try await account.requireStrongestProof()
        let texts = account.texts
        let content = ActionPage(
            lead: texts["addresses.\(action)_lead"],
            facts: [.init(label: texts["addresses.address"], value: identifier.value)],
            actionPath: "/account/addresses/\(action)",
            id: identifier.id.description,
            label: texts["addresses.\(action)_button"],
            cancelPath: AccountArea.addresses.path
        )
        return account.page(content, in: .addresses, title: "addresses.\(action)_title")
    }

    static func makeMain(_ account: AccountVisit) async throws -> Answer {
        guard let id = IdentifierID(text: account.form["id"]) else { throw PageRefusal.badRequest }
        return try await account.attempt(orBackTo: AccountArea.addresses.path) {
            _ = try await account.core.identifiers.makePrimary(id, of: account.session.userID, account.context)
            return account.visit.redirect(AccountArea.addresses.path, notice: Notice(.addressMain))
        }
    }

    static func remove(_ account: AccountVisit) async throws -> Answer {
        guard let id = IdentifierID(text: account.form["id"]) else { throw PageRefusal.badRequest }
        return try await account.attempt(orBackTo: AccountArea.addresses.path) {
            _ = try await account.core.identifiers.remove(id, of: account.session.userID, account.context)
            return account.visit.redirect(AccountArea.addresses.path, notice: Notice(.addressRemoved))
        }
    }
}
