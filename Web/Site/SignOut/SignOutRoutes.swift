internal import HTTPTypes
internal import Identity

/// Signing out.
enum SignOutRoutes {
    /// What browsers are to forget.
    ///
    /// Not all `cookies`: those of other sites of the same domain would go, too; ours are removed by name.
    static let forgotten = "\"cache\", \"storage\""

    static func signOut(_ visit: Visit) async throws -> Answer {
        if let token = visit.sessionToken { try await visit.parts.core.sessions.signOut(token: token, visit.context()) }
        if let handle = visit.flowHandle {
            try await visit.parts.core.signIn.cancel(handle, visit.context())
        }
        var answer = visit.redirect("/signed-out")
        // That somebody was here before stays known, or strangers could lock him out.
        for cookie in SiteCookie.allCases where ![.device, .language, .passkeyOffer].contains(cookie) {
            answer = answer.dropping(cookie)
        }
        answer.headers[.clearSiteData] = forgotten
        return answer
    }

    static func show(_ visit: Visit) async throws -> Answer {
        let page = SignedOutPage(
            layout: visit.layout(title: visit.texts["signed_out.title"], width: .narrow),
            text: visit.texts,
            formToken: ""
        )
        var answer = visit.render(page)
        answer.headers[.clearSiteData] = forgotten
        return answer
    }
}
