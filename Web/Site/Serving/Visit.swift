internal import Cryptography
internal import HTTPTypes
internal import Hummingbird
internal import Identity
internal import MariaDB

/// One request, as far as pages look at it.
struct Visit: Sendable {
    let parts: SiteParts
    let requestID: String
    let path: String
    let queryBytes: [UInt8]
    var texts: Texts
    /// `Accept-Language`, cut to 200 characters, after the language that was chosen here.
    var languages: String
    let userAgent: String
    let source: SourceAddress?
    var cookies = RequestCookies()
    /// Path and query of the page that is asked for, or that a form stands on; `/` where that is none.
    var address = "/"
    /// The secret of this browser; nil until its cookies are read.
    var browser: BrowserCookie?
    /// What the last action came to.
    var notice: Notice?
    var query = FormFields()
    /// Filled for POST only, after its checks.
    var form = FormFields()
    /// The page that the form stands on, where it is another address.
    var formPage: String?

    /// The context in which the domain is asked.
    func context(_ actor: CallContext.Actor = .anonymous) -> CallContext {
        var context = CallContext(
            actor: actor,
            source: source,
            userAgent: userAgent,
            languages: languages,
            requestID: requestID,
            deadline: .after(parts.configuration.limits.answerTime)
        )
        context.devices = devices
        return context
    }

    /// By what this browser is recognised.
    var devices: DeviceTokens { cookies[.device].map { DeviceTokens(SecretBytes(utf8: $0)) } ?? .none }

    /// The handle of the sign-in under way; nil without a well-formed one.
    var flowHandle: SecretBytes? { handle(.flow) }

    /// The same; throws `.signInOver` without one.
    func requireFlow() throws(PageRefusal) -> SecretBytes {
        guard let handle = flowHandle else { throw .signInOver }
        return handle
    }

    /// The handle of a sign-in with nothing but a passkey.
    var passkeyHandle: SecretBytes? { handle(.passkey) }

    private func handle(_ cookie: SiteCookie) -> SecretBytes? {
        guard let handle = cookies[cookie].map({ SecretBytes(utf8: $0) }),
            TokenText.isWellFormed(handle, kind: .flowHandle)
        else { return nil }
        return handle
    }

    /// What a form carries that needs no session.
    var browserToken: String { browser.map { parts.formTokens.token(for: .browser($0.value)) } ?? "" }

    /// What a form carries that acts for whoever is signed in.
    var sessionFormToken: String { cookies[.session].map { parts.formTokens.token(for: .session($0)) } ?? "" }

    /// The token of the session cookie; nil without one.
    var sessionToken: SecretBytes? { cookies[.session].map { SecretBytes(utf8: $0) } }

    /// The live session of this browser; throws `.signInNeeded` without one.
    func requireSession() async throws -> Session {
        guard let token = sessionToken else { throw PageRefusal.signInNeeded }
        do {
            return try await parts.core.sessions.validate(token: token, context())
        } catch  where error.reason == .sessionRestricted {
            throw PageRefusal.repairNeeded
        }
    }

    /// The live session of this browser, also one that does nothing but repair the account.
    func requireAnySession() async throws -> Session {
        guard let token = sessionToken else { throw PageRefusal.signInNeeded }
        return try await parts.core.sessions.live(token, context())
    }

    /// The live session of this browser; nil without one.
    func session() async throws -> Session? {
        do {
            return try await requireSession()
        } catch PageRefusal.signInNeeded {
            return nil
        } catch let error as FlowError where error.code == .unauthenticated {
            return nil
        }
    }

    /// Where a sign-in is to lead, if what was asked for is allowed.
    func returnTarget(_ text: String) -> ReturnTarget? {
        ReturnTarget(text, allowed: parts.configuration.returnTargets)
    }
}

// MARK: - Answers

extension Visit {
    /// How wide the content of a page is.
    enum PageWidth: String {
        case narrow
        case wide
        /// Beside the navigation of the account.
        case framed
    }

    /// Shows a page; a notice is shown once.
    func render(_ page: some PageView, status: HTTPResponse.Status = .ok) -> Answer {
        var answer = Answer(
            status: status,
            headers: [.contentType: "text/html; charset=utf-8", .contentLanguage: texts.language],
            body: Array(parts.templates.render(page, with: type(of: page).template).utf8)
        )
        if let browser, browser.isNew { answer = answer.setting(.browser, to: browser.value) }
        return cookies[.notice] == nil ? answer : answer.dropping(.notice)
    }

    /// Sends the browser on with GET (RFC 9110 section 15.4.4), to a path of ours or an allowed address.
    func redirect(_ target: String, notice: Notice? = nil) -> Answer {
        let answer = Answer(status: .seeOther, headers: [.location: target])
        guard let notice, let sealed = parts.notices.seal(notice) else { return answer }
        return answer.setting(.notice, to: sealed, for: .seconds(60))
    }

    /// What all pages share; `scripts` are those that this one has a use for beside the one of all.
    func layout(
        title: String,
        width: PageWidth,
        signOut: Bool = false,
        isProblem: Bool = false,
        scripts: [SiteScript] = [],
        navigation: AccountNavigation? = nil
    ) -> PageLayout {
        let title = isProblem ? texts.text("page.problem_title", ["title": title]) : title
        return PageLayout(
            language: texts.language,
            direction: texts["language.direction"],
            title: "\(title) – \(parts.configuration.siteName)",
            siteName: parts.configuration.siteName,
            stylesheetPath: parts.styles.path,
            markPath: parts.mark.path,
            languageForm: languageForm,
            scripts: ([.forms] + scripts).compactMap { parts.scripts[$0] }.map { ScriptView(scriptPath: $0.path) },
            width: width.rawValue,
            signOut: signOut,
            navigation: navigation
        )
    }

    /// The notice of a page, if there is one.
    var noticeView: NoticeView? {
        notice.map { notice in
            NoticeView(
                problem: notice.kind.isProblem,
                message: texts[notice.kind.textID],
                fieldPath: notice.kind.field.map { "#\($0)" }
            )
        }
    }

    /// The notice again beside the field that it is about.
    var fieldProblem: FieldProblemView? {
        notice.flatMap { $0.kind.field == nil ? nil : FieldProblemView(message: texts[$0.kind.textID]) }
    }
}

extension PageLayout {
    /// For the check of templates.
    static func sample(_ texts: Texts) -> PageLayout {
        PageLayout(
            language: texts.language,
            direction: "ltr",
            title: "Gatehouse",
            siteName: "Gatehouse",
            stylesheetPath: "/static/site.css",
            markPath: "/static/mark.svg",
            languageForm: .sample,
            scripts: [ScriptView(scriptPath: "/static/passkeys.js")],
            width: "narrow",
            signOut: true,
            navigation: .sample
        )
    }
}

extension NoticeView {
    /// For the check of templates.
    static let sample = NoticeView(problem: true, message: "Enter an address.", fieldPath: "#identifier")
}
