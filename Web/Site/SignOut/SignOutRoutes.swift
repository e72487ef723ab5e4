internal import HTTPTypes
internal import Identity

/// Signing out.
enum SignOutRoutes {
    /// Asks whoever came by a link, an application's as a rule; nobody is signed out by a link alone.
    static func ask(_ visit: Visit) async throws -> Answer {
        guard let cookie = visit.cookies[.session], try await visit.session() != nil else {
            return visit.redirect("/signed-out" + (try await SignedOutTarget.find(visit.query, visit)?.query ?? ""))
        }
        let page = SignOutPage(
            layout: visit.layout(title: visit.texts["sign_out.title"], width: .narrow),
            text: visit.texts,
            formToken: visit.parts.formTokens.token(for: .session(cookie)),
            client: visit.query["client"],
            returnAddress: visit.query["return_to"],
            state: visit.query["state"]
        )
        return visit.render(page)
    }

    /// What browsers are to forget.
    ///
    /// Not all `cookies`: those of other sites of the same domain would go, too; ours are removed by name.
    static let forgotten = "\"cache\", \"storage\""

    static func signOut(_ visit: Visit) async throws -> Answer {
        if let token = visit.sessionToken { try await visit.parts.core.sessions.signOut(token: token, visit.context()) }
        if let handle = visit.flowHandle {
            try await visit.parts.core.signIn.cancel(handle, visit.context())
        }
        let target = try await SignedOutTarget.find(visit.form, visit)
        var answer = visit.redirect("/signed-out" + (target?.query ?? ""))
        // That somebody was here before stays known, or strangers could lock him out.
        for cookie in SiteCookie.allCases where ![.device, .language, .passkeyOffer].contains(cookie) {
            answer = answer.dropping(cookie)
        }
        answer.headers[.clearSiteData] = forgotten
        return answer
    }

    /// Says that it is done, or leads back to the application that wanted it.
    static func show(_ visit: Visit) async throws -> Answer {
        if let target = try await SignedOutTarget.find(visit.query, visit) {
            var answer = HandOverRoutes.leave(visit, for: target.name, at: target.address, "signed_out")
            answer.headers[.clearSiteData] = forgotten
            return answer
        }
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
