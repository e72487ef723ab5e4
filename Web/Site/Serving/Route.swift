internal import HTTPTypes

/// One address and what is done there.
struct Route: Sendable {
    typealias Handler = @Sendable (Visit) async throws -> Answer

    /// Serves GET and HEAD; changes nothing.
    var get: Handler?
    /// Serves POST, after the checks of a form.
    var post: Handler?
    /// The cookie that the form is bound to.
    var binding: SiteCookie = .session
    /// How much the form may hold.
    var capacity = FormCapacity.small
    /// The page that the form stands on, where it is another address: a new proof of identity leads back there.
    var formPage: String?
    /// Whether its forms come from pages of others, and so without our cookies: what they say must prove itself.
    var takesForeignForms = false

    /// Methods for `Allow`.
    var methods: [String] { (get == nil ? [] : ["GET", "HEAD"]) + (post == nil ? [] : ["POST"]) }

    static func page(_ get: @escaping Handler) -> Route { Route(get: get) }

    static func form(_ binding: SiteCookie, on page: String? = nil, _ post: @escaping Handler) -> Route {
        Route(post: post, binding: binding, formPage: page)
    }

    static func page(_ get: @escaping Handler, form binding: SiteCookie, _ post: @escaping Handler) -> Route {
        Route(get: get, post: post, binding: binding)
    }
}

/// Every address of the site, by its exact bytes.
enum Routes {
    static func all(_ parts: SiteParts) -> [String: Route] {
        var routes = [pages(parts), AccountRoutes.all, files(parts)].reduce(into: [:]) { all, part in
            all.merge(part) { first, _ in first }
        }
        if let document = parts.relatedOrigins { routes[RelatedOrigins.path] = .page { _ in document } }
        return routes
    }

    private static func pages(_ parts: SiteParts) -> [String: Route] {
        [
            "/": .page(HomeRedirect.show),
            "/sign-in": .page(SignInRoutes.show, form: .browser, SignInRoutes.identify),
            "/sign-in/code": .page(CodeRoutes.show, form: .browser, CodeRoutes.submit),
            "/sign-in/code/resend": .form(.browser, CodeRoutes.resend),
            "/sign-in/password": .page(PasswordRoutes.show, form: .browser, PasswordRoutes.submit),
            "/sign-in/password/forgotten": .form(.browser, PasswordRoutes.forget),
            "/language": .form(.browser, LanguageRoutes.choose),
            "/sign-in/app": .page(AppCodeRoutes.show, form: .browser, AppCodeRoutes.submit),
            "/sign-in/passkey": .page(PasskeyStepRoutes.show, form: .browser, PasskeyStepRoutes.submit),
            "/sign-in/passkey/options": .form(.browser, PasskeyStepRoutes.options),
            "/sign-in/recovery-code": .page(
                RecoveryCodeStepRoutes.show,
                form: .browser,
                RecoveryCodeStepRoutes.submit
            ),
            "/sign-in/with-passkey": .form(.browser, PasskeyAloneRoutes.submit),
            "/sign-in/with-passkey/options": .form(.browser, PasskeyAloneRoutes.options),
            "/sign-in/add-passkey": .page(AddPasskeyRoutes.show, form: .session, AddPasskeyRoutes.finish),
            "/sign-in/add-passkey/options": .form(.session, on: AddPasskeyRoutes.path, AddPasskeyRoutes.options),
            CompleteProfileRoutes.path: completeProfile,
            "/sign-in/add-passkey/skip": .form(.session, AddPasskeyRoutes.skip),
            "/repair": .page(RepairRoutes.show),
            "/repair/passkey": .form(.session, RepairRoutes.addPasskey),
            "/repair/passkey/options": .form(.session, RepairRoutes.options),
            "/repair/done": .form(.session, RepairRoutes.finish),
            "/sign-in/external": .form(.browser, ExternalRoutes.begin),
            "/sign-in/cancel": .form(.browser, CodeRoutes.cancel),
            "/account/confirm": .page(ConfirmRoutes.show, form: .session, ConfirmRoutes.begin),
            "/undo": .page(UndoRoutes.show, form: .browser, UndoRoutes.undo),
            "/undo/done": .page(UndoRoutes.done),
            "/undelete": .page(UndeleteRoutes.show, form: .browser, UndeleteRoutes.undelete),
            "/undelete/done": .page(UndeleteRoutes.done),
            "/invitation": .page(InvitationRoutes.show, form: .browser, InvitationRoutes.accept),
            "/link/over": .page(LinkRoutes.show),
            "/sign-out": .page(SignOutRoutes.ask, form: .session, SignOutRoutes.signOut),
            "/signed-out": .page(SignOutRoutes.show),
        ]
    }

    private static var completeProfile: Route {
        var route = Route.page(CompleteProfileRoutes.show, form: .session, CompleteProfileRoutes.save)
        route.capacity = .profile
        return route
    }

    private static func files(_ parts: SiteParts) -> [String: Route] {
        let files = [parts.styles, parts.mark] + parts.scripts.values + parts.providerMarks.files
        return Dictionary(uniqueKeysWithValues: files.map { file in (file.path, .page { _ in Self.file(file) }) })
    }

    /// Its name holds a digest of its content, so it may be kept for ever.
    private static func file(_ file: StaticFile) -> Answer {
        Answer(
            status: .ok,
            headers: [.contentType: file.mediaType, .cacheControl: "public, max-age=31536000, immutable"],
            body: file.bytes
        )
    }
}

/// The bare address of the site.
enum HomeRedirect {
    static func show(_ visit: Visit) async throws -> Answer {
        visit.redirect(visit.cookies[.session] == nil ? "/sign-in" : "/account")
    }
}
