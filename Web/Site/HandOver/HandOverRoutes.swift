internal import Cryptography
internal import HTTPTypes
internal import Hummingbird
internal import Identity

/// Where applications on other domains send browsers, and how these come back to them.
enum HandOverRoutes {
    /// Hands over at once what is signed in already and enough; else a sign-in comes first.
    ///
    /// What is wrong with the request gets a page, and leads nowhere (SECURITY WEB-02).
    static func begin(_ visit: Visit) async throws -> Answer {
        let isForced = visit.query["prompt"] == "login"
        guard let request = HandOverRequest(visit.query), isForced || visit.query["prompt"].isEmpty else {
            return refused(visit)
        }
        if !isForced, let path = try await unfinished(visit) { return visit.redirect(path) }
        let session = isForced ? nil : visit.sessionToken
        do throws(FlowError) {
            switch try await visit.parts.core.tickets.handOver(request, session: session, visit.context()) {
            case .ticket(let ticket, let name):
                guard let text = ticket.validatedUTF8String() else { return refused(visit) }
                var fields = [("ticket", text)]
                if !request.state.isEmpty { fields.append(("state", request.state)) }
                return leave(visit, for: name, at: request.returnAddress.adding(fields))
            case .signInNeeded(let demand, _):
                guard let path = HandOverPath(request, demand: demand) else { return refused(visit) }
                return visit.redirect("/sign-in?return_to=" + PercentDecoding.encode(path.text))
            }
        } catch {
            guard error.reason == .handOverRefused else { throw error }
            return refused(visit)
        }
    }

    /// Sends the browser to an application by a page, because browsers hold a redirect that follows a form to the
    /// addresses that forms may lead to.
    ///
    /// `id` is that of the page's heading.
    static func leave(
        _ visit: Visit,
        for application: String,
        at address: String,
        _ id: String = "hand_over"
    ) -> Answer {
        let texts = visit.texts
        let page = HandOverPage(
            layout: visit.layout(title: texts["\(id).title"], width: .narrow),
            text: texts,
            formToken: "",
            heading: texts["\(id).title"],
            lead: texts.text("hand_over.lead", ["application": application]),
            label: texts.text("hand_over.button", ["application": application]),
            leavingPath: address
        )
        var answer = visit.render(page)
        answer.headers[.refresh] = "0; url=\(address)"
        return answer
    }

    /// Where somebody who is signed in has to go first, because the profile lacks what is demanded; nil for all others.
    private static func unfinished(_ visit: Visit) async throws -> String? {
        guard let session = try? await visit.requireSession(), let back = ReturnTarget(visit.address),
            try await CompleteProfileRoutes.isDue(visit, session)
        else { return nil }
        return CompleteProfileRoutes.path(returningTo: back.text)
    }

    private static func refused(_ visit: Visit) -> Answer {
        var answer = visit.linkPage(heading: "hand_over.refused", lead: "hand_over.refused_lead")
        answer.status = .badRequest
        return answer
    }
}

extension String {
    /// This address with fields added to its query.
    func adding(_ fields: [(String, String)]) -> String {
        guard !fields.isEmpty else { return self }
        let query = fields.map { $0.0 + "=" + PercentDecoding.encode($0.1) }.joined(separator: "&")
        return self + (utf8.contains(UInt8(ascii: "?")) ? "&" : "?") + query
    }
}
