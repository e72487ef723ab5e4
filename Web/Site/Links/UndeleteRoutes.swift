internal import Cryptography
internal import Identity

/// Taking one's own deletion back, from the link that was mailed.
enum UndeleteRoutes {
    private static let purpose: StaticString = "undelete_link"

    static func show(_ visit: Visit) async throws -> Answer {
        guard !visit.query.has("token") else { return visit.exchangeLink(for: purpose) }
        guard let text = visit.linkToken(for: purpose) else { return LinkRoutes.over(visit) }
        let token = SecretBytes(utf8: text)
        guard try await visit.parts.core.users.canUndelete(by: token, visit.context()) else {
            return LinkRoutes.over(visit)
        }
        return visit.linkPage("undelete", action: "/undelete", token: text)
    }

    static func undelete(_ visit: Visit) async throws -> Answer {
        let token = SecretBytes(utf8: visit.form["token"])
        do {
            try await visit.parts.core.users.undelete(by: token, visit.context())
            return visit.redirect("/undelete/done").dropping(.flow).dropping(.link)
        } catch {
            guard error.code == .notFound else { throw error }
            return visit.redirect("/link/over")
        }
    }

    static func done(_ visit: Visit) async throws -> Answer {
        visit.linkPage(heading: "undelete.done_title", lead: "undelete.done_lead")
    }
}
