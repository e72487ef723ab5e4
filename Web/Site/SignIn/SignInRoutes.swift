internal import Cryptography
internal import Identity
internal import MariaDB

/// The first step of signing in: an address is named, a code is sent.
enum SignInRoutes {
    /// The form; whoever is signed in goes on to where they wanted.
    ///
    /// A session cookie that is good for nothing is removed.
    static func show(_ visit: Visit) async throws -> Answer {
        let target = visit.returnTarget(visit.query["return_to"])
        if try await visit.session() != nil { return visit.redirect(target?.text ?? "/account") }
        let notice = visit.notice
        let page = SignInPage(
            layout: visit.layout(
                title: visit.texts["sign_in.title"],
                width: .narrow,
                isProblem: notice?.kind == .emailInvalid
            ),
            text: visit.texts,
            formToken: visit.browserToken,
            notice: visit.noticeView,
            fieldProblem: notice?.kind == .emailInvalid ? visit.fieldProblem : nil,
            identifier: notice?.typed ?? "",
            returnTarget: target?.text ?? ""
        )
        let answer = visit.render(page)
        return visit.cookies[.session] == nil ? answer : answer.dropping(.session)
    }

    /// Begins a flow under a new handle, whatever the browser came with, and sends a code.
    static func identify(_ visit: Visit) async throws -> Answer {
        let typed = trimmed(visit.form["identifier"])
        let target = visit.returnTarget(visit.form["return_to"])
        let core = visit.parts.core
        do {
            let request = SignInRequest(identifier: typed, returnTarget: target?.text ?? "")
            let started = try await core.signIn.begin(request, visit.context())
            if let old = visit.flowHandle {
                // The old flow ends by itself if this fails.
                try? await core.signIn.cancel(old, visit.context())
            }
            guard let handle = started.handle.validatedUTF8String() else { throw PageRefusal.forbidden }
            let lifetime = started.view.expiresAt - core.now()
            return visit.redirect("/sign-in/code").setting(.flow, to: handle, for: lifetime)
        } catch let error as FlowError {
            guard case .invalidInput = error.code else { throw error }
            let query = target.map { "?return_to=" + PercentDecoding.encode($0.text) } ?? ""
            return visit.redirect("/sign-in" + query, notice: Notice(.emailInvalid, typed: typed))
        }
    }

    /// Without white space around it, which keyboards add.
    private static func trimmed(_ text: String) -> String {
        let front = text.utf8.drop { $0 == 0x20 }
        return String(decoding: Array(front.reversed().drop { $0 == 0x20 }.reversed()), as: UTF8.self)
    }
}
