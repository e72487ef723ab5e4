internal import Cryptography
internal import HTTPTypes
internal import Identity
internal import MariaDB

/// Deleting one's own account, and taking it back from the link that was mailed.
enum LeaveRoutes {
    static func ask(_ account: AccountVisit) async throws -> Answer {
        try await account.requireStrongestProof()
        let texts = account.texts
        let days = "\(account.core.policy.deletionWindow.components.seconds / 86_400)"
        let content = LeaveContent(
            lead: texts["leave.lead"],
            consequences: ["leave.sessions", "leave.sign_in", "leave.erased", "leave.trail"].map {
                TextLine(texts.text($0, ["days": days]))
            },
            undo: texts.text("leave.undo", ["days": days])
        )
        return account.page(content, in: .data, title: "leave.title")
    }

    static func leave(_ account: AccountVisit) async throws -> Answer {
        _ = try await account.core.users.leave(account.context)
        var answer = account.visit.redirect("/account/deleted")
        for cookie in SiteCookie.allCases where cookie != .device { answer = answer.dropping(cookie) }
        answer.headers[.clearSiteData] = SignOutRoutes.forgotten
        return answer
    }

    /// Says what happens now; shown to anybody, since nobody is signed in any more.
    static func done(_ visit: Visit) async throws -> Answer {
        visit.linkPage(heading: "leave.done_title", lead: "leave.done_lead")
    }
}
