internal import HTTPTypes
internal import Identity

/// Downloading what is stored about oneself (SECURITY PRI-01).
enum DataRoutes {
    static func show(_ account: AccountVisit) async throws -> Answer {
        let days = account.core.policy.deletionWindow.components.seconds / 86_400
        let content = DataContent(deletionLead: account.texts.text("data.delete_lead", ["days": "\(days)"]))
        return account.page(content, in: .data)
    }

    /// The file itself; never kept by anybody but the person.
    static func download(_ account: AccountVisit) async throws -> Answer {
        do {
            let document = try await account.core.users.export(account.session.userID, account.context)
            return Answer(
                status: .ok,
                headers: [
                    .contentType: "application/json",
                    .contentDisposition:
                        "attachment; filename=\"account-\(account.texts.day(account.core.now())).json\"",
                ],
                body: Array(document.utf8)
            )
        } catch {
            guard case .throttled = error.code else { throw error }
            return account.visit.redirect(AccountArea.data.path, notice: Notice(.exportTooOften))
        }
    }
}
