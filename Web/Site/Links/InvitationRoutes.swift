internal import Cryptography
internal import Identity

/// Accepting an invitation, from the link that was sent.
enum InvitationRoutes {
    static func show(_ visit: Visit) async throws -> Answer {
        let token = SecretBytes(utf8: visit.query["token"])
        guard try await visit.parts.core.signIn.canAcceptInvitation(token, visit.context()) else {
            return LinkRoutes.over(visit)
        }
        return visit.linkPage("invitation", action: "/invitation")
    }

    static func accept(_ visit: Visit) async throws -> Answer {
        let token = SecretBytes(utf8: visit.form["token"])
        switch try await visit.parts.core.signIn.acceptInvitation(token, visit.context()) {
        case .signedIn(let signedIn): return try await Welcome.answer(visit, signedIn)
        case .proceed, .refused: return visit.redirect("/link/over")
        }
    }
}
