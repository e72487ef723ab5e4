internal import Cryptography
internal import HTTPTypes
internal import Hummingbird
internal import Identity
internal import Logging
internal import Metrics

/// Takes every request through the same checks, in this order: name of the site, address, method, cookies, and for
/// forms size, kind, origin and token.
///
/// Never throws: what went wrong becomes a page.
struct SiteResponder: HTTPResponder {
    let parts: SiteParts
    private let routes: [String: Route]

    init(parts: SiteParts) {
        self.parts = parts
        routes = Routes.all(parts)
    }

    func respond(to request: Request, context: SiteContext) async throws -> Response {
        let start = ContinuousClock.now
        var visit = visit(request, context)
        var answer: Answer
        do {
            answer = try await self.answer(&visit, request)
        } catch let refusal as PageRefusal {
            answer = visit.answer(to: refusal)
            note(refusal, visit)
        } catch let error as FlowError {
            let refusal = PageRefusal(error)
            answer = visit.answer(to: refusal)
            note(refusal, visit)
        }
        if let name = HTTPField.Name("X-Request-Id") { answer.headers[name] = visit.requestID }
        record(answer, visit, request, took: start.duration(to: .now))
        return answer.response(toHead: request.method == .head)
    }

    private func answer(_ visit: inout Visit, _ request: Request) async throws -> Answer {
        guard let authority = request.head.authority, isOurs(authority) else { throw PageRefusal.misdirected }
        guard let route = routes[visit.path] ?? ExternalRoutes.route(visit.path) else { throw PageRefusal.notFound }
        let handler =
            switch request.method {
            case .get, .head: route.get
            case .post: route.post
            default: Route.Handler?.none
            }
        guard let handler else { throw PageRefusal.methodNotAllowed(allowed: route.methods) }
        visit.cookies = try RequestCookies(headers: request.headers[values: .cookie])
        if let chosen = visit.cookies[.language], let texts = parts.catalogue.texts(of: chosen) {
            (visit.texts, visit.languages) = (texts, "\(chosen), \(visit.languages)")
        }
        visit.browser = BrowserCookie(visit.cookies[.browser]) ?? .make()
        visit.notice = parts.notices.open(visit.cookies[.notice])
        guard request.method == .post else {
            visit.query = try FormFields(visit.queryBytes)
            visit.address = String(decoding: request.head.path.map { Array($0.utf8) } ?? [], as: UTF8.self)
            return try await handled(handler, visit)
        }
        guard visit.queryBytes.isEmpty else { throw PageRefusal.badRequest }
        visit.formPage = route.formPage
        visit.address = route.formPage ?? (route.get == nil ? visit.address : visit.path)
        visit.form = try await form(request, route.capacity)
        if !route.takesForeignForms { try checkForm(visit, request, binding: route.binding) }
        return try await handled(handler, visit)
    }

    /// What no handler expected becomes a page, too.
    private func handled(_ handler: Route.Handler, _ visit: Visit) async throws -> Answer {
        do {
            return try await handler(visit)
        } catch let refusal as PageRefusal {
            throw refusal
        } catch let error as FlowError {
            throw PageRefusal(error)
        } catch {
            throw PageRefusal.failed(error)
        }
    }

    private func form(_ request: Request, _ capacity: FormCapacity) async throws -> FormFields {
        let types = request.headers[values: .contentType]
        guard types == ["application/x-www-form-urlencoded"], request.headers[.contentEncoding] == nil else {
            throw PageRefusal.notAForm
        }
        let limit = max(capacity.bytes ?? 0, parts.configuration.limits.bodyBytes)
        if let length = request.headers[.contentLength] {
            guard let length = Int(length) else { throw PageRefusal.badRequest }
            guard length <= limit else { throw PageRefusal.tooLarge }
        }
        var body: [UInt8] = []
        do {
            for try await piece in request.body {
                guard body.count + piece.readableBytes <= limit else { throw PageRefusal.tooLarge }
                body += piece.readableBytesView
            }
        } catch let refusal as PageRefusal {
            throw refusal
        } catch {
            throw PageRefusal.badRequest
        }
        return try FormFields(body, capacity: capacity)
    }

    private func checkForm(_ visit: Visit, _ request: Request, binding: SiteCookie) throws {
        guard CrossSiteGuard.isOwn(request.headers, origin: parts.origin), let value = visit.cookies[binding],
            parts.formTokens.isValid(
                visit.form["form_token"],
                for: binding == .session ? .session(value) : .browser(value)
            )
        else { throw PageRefusal.forbidden }
    }

    private func isOurs(_ authority: String) -> Bool {
        parts.origin.isNamed(by: authority)
            || parts.configuration.allowedHosts.contains { $0.utf8.elementsEqual(authority.utf8) }
    }
}

extension SiteResponder {
    private func visit(_ request: Request, _ context: SiteContext) -> Visit {
        let target = Array((request.head.path ?? "").utf8)
        let path = target.prefix { $0 != UInt8(ascii: "?") }
        let languages = Self.cut(request.headers[.acceptLanguage], to: 200)
        return Visit(
            parts: parts,
            requestID: Hex.encode(SystemRandom().bytes(8)),
            path: String(decoding: path, as: UTF8.self),
            queryBytes: Array(target.dropFirst(path.count + 1)),
            texts: parts.catalogue.texts(for: languages),
            languages: languages,
            userAgent: Self.cut(request.headers[.userAgent], to: 500),
            source: parts.clientAddress.address(
                peer: context.peer,
                forwardedFor: request.headers[values: .forwardedFor]
            )
        )
    }

    private static func cut(_ text: String?, to count: Int) -> String {
        String(String.UnicodeScalarView((text ?? "").unicodeScalars.prefix(count)))
    }

    private func note(_ refusal: PageRefusal, _ visit: Visit) {
        guard case .failed(let error) = refusal else { return }
        let cause = (error as? FlowError).map { "\($0) \($0.cause.map { "\($0)" } ?? "")" } ?? "\(error)"
        parts.logger.error("a page failed", metadata: ["request.id": "\(visit.requestID)", "error": "\(cause)"])
    }

    /// One line for each request: no query, no address that is not ours, nothing that was typed.
    private func record(_ answer: Answer, _ visit: Visit, _ request: Request, took: Duration) {
        let isKnown = routes[visit.path] != nil
        Counter(label: "gatehouse_site_requests", dimensions: [("status", "\(answer.status.code)")]).increment()
        parts.logger.info(
            "request",
            metadata: [
                "request.id": "\(visit.requestID)",
                "http.method": "\(isKnown ? request.method.rawValue : "-")",
                "http.path": "\(isKnown ? visit.path : "-")",
                "http.status": "\(answer.status.code)",
                "http.milliseconds":
                    "\(took.components.seconds * 1000 + took.components.attoseconds / 1_000_000_000_000_000)",
            ]
        )
    }
}
