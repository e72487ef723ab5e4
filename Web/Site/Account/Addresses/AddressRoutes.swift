internal import Identity
internal import MariaDB

/// The addresses of an account: which there are, which is the main one, and taking one away.
enum AddressRoutes {
    static func show(_ account: AccountVisit) async throws -> Answer {
        let user = try await account.core.users.get(account.session.userID, account.context)
        let claim = try await account.core.identifiers.waiting(account.context)
        let waiting = claim.map { claim in
            AddressesContent.WaitingView(
                heading: account.texts[claim.kind.texts("addresses.waiting_title")],
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
            hasPhones: !phones.isEmpty || account.takesPhones,
            takesPhones: account.takesPhones,
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
            let isProvable = kind == .email || account.takesPhones
            func label(_ id: String) -> String { account.texts.text(id, ["address": identifier.value]) }
            func path(_ page: String, if isOffered: Bool) -> String? {
                isOffered ? "/account/addresses/\(page)?id=\(identifier.id)" : nil
            }
            return AddressesContent.AddressView(
                address: identifier.value,
                isMain: identifier.isPrimary && own.count > 1,
                isUnproved: !isProved,
                mainPath: path("main", if: isProved && !identifier.isPrimary),
                provePath: path("add", if: !isProved && isProvable),
                replacePath: path("add", if: isProved && isProvable),
                removePath: "/account/addresses/remove?id=\(identifier.id)",
                mainLabel: label(kind.texts("addresses.main_label")),
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
            lead: texts[identifier.kind.texts("addresses.\(action)_lead")],
            facts: [.init(label: texts[identifier.kind.nameID], value: identifier.value)],
            actionPath: "/account/addresses/\(action)",
            id: identifier.id.description,
            label: texts[identifier.kind.texts("addresses.\(action)_button")],
            cancelPath: AccountArea.addresses.path
        )
        return account.page(content, in: .addresses, title: identifier.kind.texts("addresses.\(action)_title"))
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
        let kind = try await account.core.users.get(account.session.userID, account.context)
            .identifiers.first { $0.id == id }?.kind
        return try await account.attempt(orBackTo: AccountArea.addresses.path) {
            _ = try await account.core.identifiers.remove(id, of: account.session.userID, account.context)
            let notice = Notice(kind == .phone ? .phoneRemoved : .addressRemoved)
            return account.visit.redirect(AccountArea.addresses.path, notice: notice)
        }
    }
}

extension AccountVisit {
    /// Whether numbers can be proved, and so be of use.
    var takesPhones: Bool { core.policy.sms.isEnabled }
}

extension IdentifierKind {
    /// Id of what it is called.
    var nameID: String { self == .phone ? "addresses.phone" : "addresses.address" }

    /// The id of a text about addresses, or that of the same about numbers.
    func texts(_ id: String) -> String {
        guard self == .phone, let dot = id.firstIndex(of: ".") else { return id }
        return id[...dot] + "phone_" + id[id.index(after: dot)...]
    }
}
