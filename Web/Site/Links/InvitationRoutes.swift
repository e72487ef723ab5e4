internal import Cryptography
internal import Identity

/// Accepting an invitation, from the link that was sent.
enum InvitationRoutes {
    private static let purpose: StaticString = "invitation_link"

    static func show(_ visit: Visit) async throws -> Answer {
        guard !visit.query.has("token") else { return visit.exchangeLink(for: purpose) }
        guard let text = visit.linkToken(for: purpose) else { return LinkRoutes.over(visit) }
        let token = SecretBytes(utf8: text)
        guard try await visit.parts.core.signIn.canAcceptInvitation(token, visit.context()) else {
            return LinkRoutes.over(visit)
        }
        return visit.linkPage("invitation", action: "/invitation", token: text)
    }

    static func accept(_ visit: Visit) async throws -> Answer {
        let token = SecretBytes(utf8: visit.form["token"])
        switch try await visit.parts.core.signIn.acceptInvitation(token, visit.context()) {
        case .signedIn(let signedIn): return try await Welcome.answer(visit, signedIn).dropping(.link)
        case .proceed, .refused: return visit.redirect("/link/over")
        }
    }
}
