internal import Identity
internal import MariaDB

/// Something that its owner named to tell it from others, and may rename or take away: an app, a passkey.
struct NamedAuthenticator: Sendable {
    let id: String
    let name: String
}

/// The pages that rename and remove what people named, alike for all kinds of authenticators.
///
/// They live below the page of their area, and their texts have ids that begin with its name.
struct NamedAuthenticators: Sendable {
    let area: AccountArea
    /// Those of an account, in their order.
    let list: @Sendable (AccountVisit) async throws -> [NamedAuthenticator]
    /// The domain's part; throws `.badRequest` for what is no id.
    let rename: @Sendable (_ id: String, _ name: String, AccountVisit) async throws -> Void
    let remove: @Sendable (_ id: String, AccountVisit) async throws -> Void
    let renamed: Notice.Kind
    let removed: Notice.Kind

    private func path(_ action: String) -> String { "\(area.path)/\(action)" }

    private func text(_ name: String) -> String { "\(area.rawValue).\(name)" }

    private func found(_ account: AccountVisit) async throws -> NamedAuthenticator {
        let id = account.query["id"]
        guard let found = try await list(account).first(where: { $0.id.utf8.elementsEqual(id.utf8) }) else {
            throw PageRefusal.notFound
        }
        return found
    }

    /// The addresses of both, with what is about one of them.
    func links(to authenticator: NamedAuthenticator, _ texts: Texts) -> Links {
        let values = ["name": authenticator.name]
        return Links(
            renamePath: path("rename") + "?id=" + authenticator.id,
            removePath: path("remove") + "?id=" + authenticator.id,
            renameLabel: texts.text("account.rename_label", values),
            removeLabel: texts.text("account.remove_label", values)
        )
    }

    /// What stands beside one in a list; the labels are for those who hear the page.
    struct Links: Sendable {
        let renamePath: String
        let removePath: String
        let renameLabel: String
        let removeLabel: String

        /// For the check of templates.
        static let sample = Links(renamePath: "/x", removePath: "/x", renameLabel: "x", removeLabel: "x")
    }

    // MARK: - Pages

    func askName(_ account: AccountVisit) async throws -> Answer {
        let found = try await found(account)
        let content = NameContent(
            lead: account.texts[text("name_lead")],
            actionPath: path("rename"),
            id: found.id,
            fieldProblem: account.visit.fieldProblem,
            value: account.visit.notice?.typed ?? found.name,
            label: account.texts["account.save"],
            cancelPath: area.path
        )
        return account.page(content, in: area, title: text("rename_title"))
    }

    func rename(_ account: AccountVisit) async throws -> Answer {
        let (id, name) = (account.form["id"], account.form["name"])
        return try await account.attempt(orBackTo: path("rename") + "?id=" + PercentDecoding.encode(id), typed: name) {
            try await rename(id, name, account)
            return account.visit.redirect(area.path, notice: Notice(renamed))
        }
    }

    func askRemoval(_ account: AccountVisit) async throws -> Answer {
        let found = try await found(account)
        try await account.requireStrongestProof()
        let texts = account.texts
        let content = ActionPage(
            lead: texts[text("remove_lead")],
            facts: [.init(label: texts["account.name"], value: found.name)],
            actionPath: path("remove"),
            id: found.id,
            label: texts[text("remove_button")],
            cancelPath: area.path
        )
        return account.page(content, in: area, title: text("remove_title"))
    }

    func remove(_ account: AccountVisit) async throws -> Answer {
        try await account.attempt(orBackTo: area.path) {
            try await remove(account.form["id"], account)
            return account.visit.redirect(area.path, notice: Notice(removed))
        }
    }

    /// The routes of both pages.
    var routes: [String: Route] {
        [
            path("rename"): .account(askName, form: rename),
            path("remove"): .account(askRemoval, form: remove),
        ]
    }
}
