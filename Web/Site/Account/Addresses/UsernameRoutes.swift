internal import Identity

/// Takes a user name; empty for none.
struct UsernameContent: AccountContent {
    static let template = "account-username"

    let fieldProblem: FieldProblemView?
    let value: String

    static func sample(_ texts: Texts) -> Self {
        UsernameContent(fieldProblem: .init(message: "x"), value: "ada")
    }
}

/// The name that may be typed in place of an address.
enum UsernameRoutes {
    private static let path = "/account/addresses/username"

    static func show(_ account: AccountVisit) async throws -> Answer {
        try await account.requireStrongestProof()
        let user = try await account.core.users.get(account.session.userID, account.context)
        let current = user.identifiers.first { $0.kind == .username }?.value
        let content = UsernameContent(
            fieldProblem: account.visit.fieldProblem,
            value: account.visit.notice.map(\.typed) ?? current ?? ""
        )
        return account.page(content, in: .addresses, title: "addresses.username_title")
    }

    static func save(_ account: AccountVisit) async throws -> Answer {
        let typed = account.form["username"]
        return try await account.attempt(orBackTo: path, typed: typed) {
            do {
                _ = try await account.core.identifiers.setUsername(typed, of: account.session.userID, account.context)
                let notice = Notice(typed.isEmpty ? .usernameRemoved : .usernameSet)
                return account.visit.redirect(AccountArea.addresses.path, notice: notice)
            } catch let error as FlowError where error.reason == .identifierTaken {
                return account.visit.redirect(path, notice: Notice(.usernameTaken, typed: typed))
            }
        }
    }
}
