internal import Cryptography
internal import HTTPTypes
internal import Identity
internal import MariaDB
internal import Passwords

/// Setting, changing and removing one's password.
enum PasswordSettingRoutes {
    static func show(_ account: AccountVisit) async throws -> Answer {
        guard account.core.policy.passwords.isEnabled else { throw PageRefusal.notFound }
        try await account.core.callers.requireFreshProof(account.context)
        return try await page(account, problems: [])
    }

    /// The page, leading on afterwards.
    static func path(returningTo target: String) -> String {
        AccountArea.password.path + (target == "/account" ? "" : "?return_to=" + PercentDecoding.encode(target))
    }

    private static func page(_ account: AccountVisit, problems: [FlowError.FieldProblem]) async throws -> Answer {
        let texts = account.texts
        let situation = try await PasswordSituation(account)
        let words = problems.map { (field: field(of: $0), message: message(of: $0, account)) }
        func beside(_ field: String) -> FieldProblemView? {
            let messages = words.filter { $0.field == field }.map(\.message)
            return messages.isEmpty ? nil : FieldProblemView(message: messages.joined(separator: " "))
        }
        let content = PasswordSettingContent(
            status: situation.words(account),
            rules: rules(account),
            problems: words.isEmpty
                ? nil : ProblemSummary(items: words.map { .init(message: $0.message, fieldPath: "#" + $0.field) }),
            currentProblem: beside("current_password"),
            newProblem: beside("new_password"),
            hasPassword: situation.isUsable,
            mayOmitCurrent: !account.session.methods.contains("pwd"),
            name: account.isRepairing ? nil : try await name(account),
            saveLabel: texts[situation.isUsable ? "password_page.change" : "password_page.save"],
            returnTarget: target(account)?.text ?? "",
            mayRemove: situation.isUsable && !account.isRepairing
        )
        return account.page(
            content,
            in: .password,
            status: problems.isEmpty ? .ok : .unprocessableContent,
            scripts: [.passwords]
        )
    }

    private static func target(_ account: AccountVisit) -> ReturnTarget? {
        account.visit.returnTarget((account.form.has("return_to") ? account.form : account.query)["return_to"])
    }

    /// What the person most probably signs in with: the main address, else the user name.
    private static func name(_ account: AccountVisit) async throws -> String? {
        let names = try await account.core.users.get(account.session.userID, account.context).identifiers
        let main = names.first { $0.kind == .email && $0.isPrimary }
        return (main ?? names.first { $0.kind == .username } ?? names.first)?.value
    }

    private static func rules(_ account: AccountVisit) -> [TextLine] {
        guard let policy = account.core.policy.passwords.policy else { return [] }
        let values = [
            "alone": "\(policy.minimumAlone)", "with": "\(policy.minimumWithSecondFactor)", "most": "\(policy.maximum)",
        ]
        let length = policy.minimumAlone == policy.minimumWithSecondFactor ? "rule_length_same" : "rule_length"
        return [length, "rule_common", "rule_names"].map { id in
            TextLine(account.texts.text("password_page.\(id)", values))
        }
    }

    private static func field(of problem: FlowError.FieldProblem) -> String {
        problem.field == "current_password" ? "current_password" : "new_password"
    }

    private static func message(of problem: FlowError.FieldProblem, _ account: AccountVisit) -> String {
        let policy = account.core.policy.passwords.policy
        let id: String =
            switch problem.reason {
            case .passwordTooShort: "password_page.too_short"
            case .passwordTooLong: "password_page.too_long"
            case .passwordCharacter: "password_page.character"
            case .passwordBlocklisted: "password_page.common"
            case .passwordContext: "password_page.context_word"
            case .passwordUsedBefore: "password_page.used_before"
            case .passwordWrong: "password_page.current_wrong"
            case .fieldRequired where problem.field == "current_password": "password_page.current_missing"
            default: "password_page.not_taken"
            }
        let values = ["with": "\(policy?.minimumWithSecondFactor ?? 8)", "alone": "\(policy?.minimumAlone ?? 15)"]
        return account.texts.text(id, values.merging(["most": "\(policy?.maximum ?? 256)"]) { first, _ in first })
    }

    static func save(_ account: AccountVisit) async throws -> Answer {
        let current = account.form["current_password"]
        do {
            try await account.core.passwords.set(
                SecretBytes(utf8: account.form["new_password"]),
                current: current.isEmpty ? nil : SecretBytes(utf8: current),
                account.context
            )
            let next = target(account)?.text ?? account.home(of: .password)
            return account.visit.redirect(next, notice: Notice(.passwordSaved))
        } catch {
            // Nothing that was typed is sent back.
            if case .invalidInput(let problems) = error.code { return try await page(account, problems: problems) }
            return try await account.attempt(orBackTo: AccountArea.password.path) { throw error }
        }
    }

    static func askRemoval(_ account: AccountVisit) async throws -> Answer {
        let status = try await account.core.passwords.status(of: account.session.userID, account.context)
        guard status != nil else { throw PageRefusal.notFound }
        try await account.requireStrongestProof()
        let content = ActionPage(
            lead: account.texts["password_page.remove_lead"],
            facts: [],
            actionPath: "/account/password/remove",
            id: "",
            label: account.texts["password_page.remove_button"],
            cancelPath: AccountArea.password.path
        )
        return account.page(content, in: .password, title: "password_page.remove_title")
    }

    static func remove(_ account: AccountVisit) async throws -> Answer {
        try await account.attempt(orBackTo: AccountArea.password.path) {
            try await account.core.passwords.remove(of: account.session.userID, account.context)
            return account.visit.redirect(AccountArea.password.path, notice: Notice(.passwordRemoved))
        }
    }
}
