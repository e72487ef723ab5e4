internal import Identity

/// A request to a page of the account: with the live session of whoever sent it.
struct AccountVisit: Sendable {
    let visit: Visit
    let session: Session
    /// As the person who is signed in.
    let context: CallContext
    /// The parts of the account that there is any use for.
    let areas: [AccountArea]

    /// Throws `.signInNeeded` without a session.
    init(_ visit: Visit) async throws {
        self.visit = visit
        session = try await visit.requireSession()
        context = visit.context(.user(session, via: nil))
        let core = visit.parts.core
        let withLogins = try await core.externalLogins.areOfUse(context)
        areas = AccountArea.allCases.filter { $0.isOffered(by: core.policy, withLogins: withLogins) }
    }

    var core: IdentityCore { visit.parts.core }
    var texts: Texts { visit.texts }
    var form: FormFields { visit.form }
    var query: FormFields { visit.query }

    /// The hidden field of every form of the account.
    var formToken: String { visit.sessionFormToken }

    /// Asks for a new proof of identity before a form is shown that would be refused for want of one.
    func requireStrongestProof() async throws {
        try await core.callers.requireStrongestProof(context)
    }

    /// Does what a form asks for; what a person can put right is told on the page `path`.
    func attempt(
        orBackTo path: String,
        typed: String = "",
        _ body: () async throws -> Answer
    ) async throws -> Answer {
        do {
            return try await body()
        } catch let error as FlowError {
            guard let kind = Notice.Kind(error) else { throw error }
            return visit.redirect(path, notice: Notice(kind, typed: typed))
        }
    }
}

extension Route {
    typealias AccountHandler = @Sendable (AccountVisit) async throws -> Answer

    /// A page of the account.
    static func account(_ get: @escaping AccountHandler) -> Route {
        .page { try await get(AccountVisit($0)) }
    }

    /// A page of the account with a form.
    static func account(
        _ get: @escaping AccountHandler,
        form post: @escaping AccountHandler,
        capacity: FormCapacity = .small
    ) -> Route {
        var route = Route.page({ try await get(AccountVisit($0)) }, form: .session) { try await post(AccountVisit($0)) }
        route.capacity = capacity
        return route
    }

    /// A form that stands on the page of an area.
    static func accountForm(on area: AccountArea, _ post: @escaping AccountHandler) -> Route {
        accountForm(on: area.path, post)
    }

    /// A form that stands on another page.
    static func accountForm(on page: String, _ post: @escaping AccountHandler) -> Route {
        var route = Route.form(.session) { try await post(AccountVisit($0)) }
        route.formPage = page
        return route
    }
}
