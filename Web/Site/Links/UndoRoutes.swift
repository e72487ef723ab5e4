internal import Cryptography
internal import Identity

/// Taking a change of addresses back, from the link that the old address was sent.
enum UndoRoutes {
    private static let purpose: StaticString = "undo_link"

    static func show(_ visit: Visit) async throws -> Answer {
        guard !visit.query.has("token") else { return visit.exchangeLink(for: purpose) }
        guard let text = visit.linkToken(for: purpose) else { return LinkRoutes.over(visit) }
        let token = SecretBytes(utf8: text)
        guard try await visit.parts.core.identifiers.canUndo(token, visit.context()) else {
            return LinkRoutes.over(visit)
        }
        return visit.linkPage("undo", action: "/undo", token: text)
    }

    static func undo(_ visit: Visit) async throws -> Answer {
        let token = SecretBytes(utf8: visit.form["token"])
        do {
            try await visit.parts.core.identifiers.undo(token, visit.context())
            return visit.redirect("/undo/done").dropping(.session).dropping(.flow).dropping(.link)
        } catch {
            guard error.code == .notFound || error.code == .alreadyExists else { throw error }
            return visit.redirect("/link/over")
        }
    }

    static func done(_ visit: Visit) async throws -> Answer {
        visit.linkPage(heading: "undo.done_title", lead: "undo.done_lead")
    }
}

/// What all links come to when they are no longer good.
enum LinkRoutes {
    static func show(_ visit: Visit) async throws -> Answer { over(visit) }

    static func over(_ visit: Visit) -> Answer {
        let answer = visit.linkPage(heading: "link.over_title", lead: "link.over_lead")
        return visit.cookies[.link] == nil ? answer : answer.dropping(.link)
    }
}
