internal import Identity

/// A request to a page of the account: with the live session of whoever sent it.
struct AccountVisit: Sendable {
    let visit: Visit
    let session: Session
    /// As the person who is signed in.
    let context: CallContext
    /// The parts of the account that there is any use for.
    let areas: [AccountArea]

    /// Throws `.signInNeeded` without a session, and `.repairNeeded` with one that only repairs the account, unless the
    /// page is `alsoRepairing`.
    init(_ visit: Visit, alsoRepairing: Bool = false) async throws {
        self.visit = visit
        do {
            session = try await visit.requireSession()
        } catch PageRefusal.repairNeeded where alsoRepairing {
            session = try await visit.requireAnySession()
        }
        context = visit.context(.user(session, via: nil))
        let core = visit.parts.core
        // Who repairs the account sees none of its parts.
        let withLogins = session.isRestricted ? false : try await core.externalLogins.areOfUse(context)
        areas = AccountArea.allCases.filter { $0.isOffered(by: core.policy, withLogins: withLogins) }
    }

    /// Whether the session does nothing but repair the account (SECURITY RC-05).
    var isRepairing: Bool { session.isRestricted }

    /// Where a page that belongs to an area leads back to.
    func home(of area: AccountArea) -> String { isRepairing ? RepairRoutes.path : area.path }

    var core: IdentityCore { visit.parts.core }
    var texts: Texts { visit.texts }
    var form: FormFields { visit.form }
    var query: FormFields { visit.query }

    /// The hidden field of every form of the account.
    var formToken: String { visit.sessionFormToken }

    /// Asks for a new proof of identity before a form is shown that would be refused for want of one.
    ///
    /// Who repairs an account has lost what would be the strongest; the domain decides what will do instead.
    func requireStrongestProof() async throws {
        guard !isRepairing else { return try await core.callers.requireFreshProof(context) }
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

    /// A page that also serves those whose session only repairs their account.
    static func accountOrRepair(_ get: @escaping AccountHandler) -> Route {
        .page { try await get(AccountVisit($0, alsoRepairing: true)) }
    }

    /// The same with a form.
    static func accountOrRepair(_ get: @escaping AccountHandler, form post: @escaping AccountHandler) -> Route {
        .page({ try await get(AccountVisit($0, alsoRepairing: true)) }, form: .session) {
            try await post(AccountVisit($0, alsoRepairing: true))
        }
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
