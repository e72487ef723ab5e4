internal import Cryptography
internal import HTTPTypes
internal import Identity
internal import MariaDB
internal import OpenIDConnect

/// Signing in with a provider: away, and back.
enum ExternalRoutes {
    private static let prefix = "/sign-in/external/"

    /// The addresses of one provider; nil for other paths.
    static func route(_ path: String) -> Route? {
        guard path.utf8.starts(with: prefix.utf8) else { return nil }
        let parts = path.utf8.dropFirst(prefix.utf8.count)
            .split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 2, let name = String(parts[0]) else { return nil }
        switch String(parts[1]) {
        case "callback":
            return Route(
                get: { try await finish($0, name) },
                post: { try await bounce($0, path) },
                takesForeignForms: true
            )
        case "logout":
            return Route(post: { try await logOut($0, name) }, takesForeignForms: true)
        default: return nil
        }
    }

    /// Sends the browser away to sign in.
    static func begin(_ visit: Visit) async throws -> Answer {
        let core = visit.parts.core
        let target = visit.returnTarget(visit.form["return_to"])
        let request = SignInRequest(
            demand: HandOverPath(target)?.request.demand ?? .nothing,
            returnTarget: target?.text ?? ""
        )
        let name = visit.form["provider"]
        do {
            let started = try await core.externalLogins.begin(name, handle: nil, request, visit.context())
            guard let signIn = started.signIn else { throw PageRefusal.signInOver }
            return try await leave(visit, started, with: signIn)
        } catch let error as FlowError {
            guard error.isAboutProvider else { throw error }
            return visit.redirect(SignInRoutes.path(returningTo: target), notice: Notice(.externalUnavailable))
        }
    }

    /// Sends the browser away to confirm the session that a new flow is about.
    static func confirm(_ visit: Visit, _ signIn: StartedSignIn) async throws -> Answer {
        let name = visit.form["provider"]
        do {
            let logins = visit.parts.core.externalLogins
            let started = try await logins.begin(name, handle: signIn.handle, SignInRequest(), visit.context())
            return try await leave(visit, started, with: signIn)
        } catch let error as FlowError {
            guard error.isAboutProvider else { throw error }
            return visit.redirect(path(of: signIn.view), notice: Notice(.externalUnavailable))
        }
    }

    /// The same for the browser that a flow belongs to from now on.
    private static func leave(
        _ visit: Visit,
        _ started: StartedExternal,
        with signIn: StartedSignIn
    ) async throws -> Answer {
        let core = visit.parts.core
        guard let handle = signIn.handle.validatedUTF8String() else { throw PageRefusal.signInOver }
        if let old = visit.flowHandle {
            // The old flow ends by itself if this fails.
            try? await core.signIn.cancel(old, visit.context())
        }
        let origin = FlowOrigin(isConfirmation: signIn.view.isConfirmation, target: signIn.view.returnTarget)
        return visit.handing(handle, of: signIn.view, from: origin, with: leave(visit, started))
    }

    /// The page that leads on by itself; its link is for browsers that do not follow.
    static func leave(_ visit: Visit, _ started: StartedExternal) -> Answer {
        let page = ExternalPage(
            layout: visit.layout(title: visit.texts["external.title"], width: .narrow),
            text: visit.texts,
            formToken: visit.browserToken,
            heading: visit.texts["external.title"],
            continuePath: started.url,
            label: visit.texts["external.continue"]
        )
        var answer = visit.render(page)
        if let refresh = HTTPField.Name("Refresh") { answer.headers[refresh] = "0;url=" + started.url }
        return answer
    }

    /// A form that the provider's page sent (`form_post`): it comes without our cookies, so the browser is sent on to bring
    /// them.
    ///
    /// What it brings is what it would have brought by address, and is of use in its own browser only.
    private static func bounce(_ visit: Visit, _ path: String) async throws -> Answer {
        let fields = ["state", "code", "error", "iss"].compactMap { name -> String? in
            let value = visit.form[name]
            return value.isEmpty ? nil : name + "=" + PercentDecoding.encode(value)
        }
        return visit.redirect(path + "?" + fields.joined(separator: "&"))
    }

    /// Takes what the browser came back with, once, and goes on at an address without it.
    private static func finish(_ visit: Visit, _ name: String) async throws -> Answer {
        let core = visit.parts.core
        let session = try await visit.session()
        let context = visit.context(session.map { .user($0, via: nil) } ?? .anonymous)
        let home = try await home(visit, session)
        let parameters = CallbackParameters { name in
            let value = visit.query[name]
            return value.isEmpty ? nil : value
        }
        guard let parameters else { return visit.redirect(home, notice: Notice(.externalOver)) }
        switch try await core.externalLogins.finish(name, parameters, handle: visit.flowHandle, context) {
        case .signIn(.signedIn(let signedIn)): return try await Welcome.answer(visit, signedIn)
        case .signIn(.proceed(let view)):
            return visit.redirect(SignInPlace.all(for: view).first?.rawValue ?? home)
        case .signIn(.refused): return visit.redirect(home, notice: Notice(.externalFailed))
        case .linked: return visit.redirect("/account/logins", notice: Notice(.loginLinked))
        case .refused(let refusal): return visit.redirect(home, notice: Notice(Notice.Kind(refusal)))
        }
    }

    /// Where whoever comes back with nothing goes on: to what he was doing, with where that leads.
    private static func home(_ visit: Visit, _ session: Session?) async throws -> String {
        if let handle = visit.flowHandle,
            let view = try? await visit.parts.core.signIn.view(handle, visit.context()),
            session == nil || view.isConfirmation
        {
            return path(of: view)
        }
        return session == nil ? visit.pathToBeginAgain : AccountArea.logins.path
    }

    /// The page that a flow begins at.
    private static func path(of view: SignInView) -> String {
        let target = ReturnTarget(view.returnTarget)
        return view.isConfirmation ? ConfirmRoutes.path(returningTo: target) : SignInRoutes.path(returningTo: target)
    }

    /// A provider's word that somebody signed out there; the answers are those of Back-Channel Logout 1.0 section 2.8.
    private static func logOut(_ visit: Visit, _ name: String) async throws -> Answer {
        let token = SecretBytes(utf8: visit.form["logout_token"])
        let isTaken = try await visit.parts.core.externalLogins.logOut(name, token: token, visit.context())
        return Answer(status: isTaken ? .ok : .badRequest, headers: [.cacheControl: "no-store"])
    }
}

extension FlowError {
    /// Whether a provider is off or does not answer, which is told on the page that one came from.
    var isAboutProvider: Bool { [.providerUnavailable, .providerOff].contains(reason) }
}

extension Notice.Kind {
    /// One fixed text for each outcome; nothing that a provider wrote is shown (SECURITY OI-16).
    fileprivate init(_ refusal: ExternalRefusal) {
        switch refusal {
        case .over: self = .externalOver
        case .denied: self = .externalDenied
        case .failed: self = .externalFailed
        case .unavailable: self = .externalUnavailable
        case .unknown: self = .externalUnknown
        case .taken: self = .externalTaken
        }
    }
}
