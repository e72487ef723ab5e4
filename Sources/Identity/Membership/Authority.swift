import MariaDB

/// What an actor may give, take and lay hands on (SECURITY ADM-01, ADM-02, ADM-03).
///
/// **Who has authority over what.** The server itself and administrators (service accounts whose scope is `*`) have it over
/// everything. Every other service account needs the scope `membership.write`, and has authority over the roles that it was
/// given for this (`service_account_roles`) and over every group that gives no other role. A person acting by his session has no
/// scope: he has authority over the roles, and the groups, that he has with the right to pass them on (`may_grant`), by himself
/// or through groups; so a person makes, renames and deletes nothing.
///
/// **What each act demands.**
/// - To change or delete a role: authority over it.
/// - To change, delete or nest a group, to put a user into it or take one out, to give a role to it or take one from it:
///   authority over the group, that is over every role it gives its members, its own and those of all groups above it; for a
///   person also over the group itself. Nesting demands it of both groups.
/// - To give or take a role: authority over the role and over whom it goes to.
/// - To act on a user (change, disable, delete, remove authenticators, see or end sessions, clear limits, set a password, and
///   the above): whatever the user has, with the right to pass it on or without, the actor has too.
/// - To act on a service account: all its scopes, and authority over all its roles.
/// - Nothing is given for longer than the actor has it himself.
///
/// What is given is thus always a part of what the actor has and may pass on, for no longer than he has it, so no sequence of
/// his acts ever makes it more. Changes of membership run one at a time, under a guard row, and read what they decide by
/// after they have it.
///
/// **Last owners.** But for administrators, nobody takes away the last holder's right to pass a role on, not even his own: of
/// two owners who remove each other at once, one stays (ADM-06). Nor does anybody delete the last holder, or merge him away, or
/// leave while he is it.
struct Authority {
    /// What is had, each until when; nil: for good.
    typealias Held<Kind> = [ID<Kind>: Timestamp?]

    private enum Reach: Sendable {
        case everything
        /// `groups`: nil for all of them, as far as their roles allow.
        case some(roles: Held<IDKind.Role>, groups: Held<IDKind.Group>?)
    }

    private let reach: Reach
    private let context: CallContext
    private let now: Timestamp
    private let transaction: Transaction

    init(of context: CallContext, at now: Timestamp, _ transaction: Transaction) throws {
        self.context = context
        self.now = now
        self.transaction = transaction
        switch context.actor {
        case .system: reach = .everything
        case .serviceAccount(let caller) where caller.scopes.isEverything: reach = .everything
        case .serviceAccount(let caller):
            reach = .some(roles: try Self.roles(of: caller.id, at: now, transaction), groups: nil)
        case .user(let session, _):
            reach = .some(
                roles: try Self.grantableRoles(of: session.userID, at: now, transaction),
                groups: try Self.grantableGroups(of: session.userID, at: now, transaction)
            )
        case .anonymous: reach = .some(roles: [:], groups: [:])
        }
    }

    /// Whether the actor is an administrator, or the server.
    var isEverything: Bool {
        if case .everything = reach { true } else { false }
    }

    /// Demands authority over a role, for as long as it is given; `until` is nil when that is for good.
    func require(_ role: RoleID, until: Timestamp?) throws {
        guard case .some(let roles, _) = reach else { return }
        guard Self.covers(roles, role, until) else { throw FlowError.authorityMissing }
    }

    /// Demands authority over a role as it is now.
    func require(_ role: RoleID) throws { try require(role, until: now) }

    /// Demands authority over a group and all that it gives, for as long as it is given.
    func require(_ group: GroupID, until: Timestamp?) throws {
        guard case .some(let roles, let groups) = reach else { return }
        if let groups, !Self.covers(groups, group, until) { throw FlowError.authorityMissing }
        for row in try transaction.all(RolesConferred(group: group, now: now)) {
            guard Self.covers(roles, row.role, Timestamp.earlier(until, row.terms.expiresAt)) else {
                throw FlowError.authorityMissing
            }
        }
    }

    /// Demands authority over a group as it is now.
    func require(_ group: GroupID) throws { try require(group, until: now) }

    /// Demands authority over a role or a group as it is now.
    func require<Kind: CollectiveKind>(collective id: ID<Kind>) throws {
        if let role = id as? RoleID { try require(role) }
        if let group = id as? GroupID { try require(group) }
    }

    /// Demands that the actor has whatever a user has; everybody may act on himself as far as the flows allow it.
    func requireOver(_ user: UserID) throws {
        let held: [RoleID: Bool]
        switch context.actor {
        case _ where isEverything: return
        case .user(let session, _):
            guard session.userID != user else { return }
            held = try Self.roles(of: session.userID, at: now, transaction)
        default:
            guard case .some(let roles, _) = reach else { return }
            held = roles.mapValues { _ in true }
        }
        for (role, mayGrant) in try Self.roles(of: user, at: now, transaction) {
            guard let own = held[role], own || !mayGrant else { throw FlowError.authorityMissing }
        }
    }

    /// Demands all scopes and roles of a service account.
    func requireOver(_ account: ServiceAccount) throws {
        guard !isEverything else { return }
        guard case .serviceAccount(let caller) = context.actor, caller.scopes.covers(account.scopes) else {
            throw FlowError.authorityMissing
        }
        for role in try Self.roles(of: account.id, at: now, transaction).keys { try require(role) }
    }

    /// Runs a change that takes away; refuses it, by rolling back, when nobody is left who may give one of these roles.
    func keepingOwners(of roles: some Sequence<RoleID>, _ change: () throws -> Void) throws {
        guard !isEverything else { return try change() }
        let owned = try Set(roles).filter { try hasOwner($0) }
        try change()
        for role in owned where try !hasOwner(role) { throw FlowError.lastOwner }
    }

    /// Runs a change by which a user goes, or all that he has; refuses it when nobody is left who may give what he may.
    ///
    /// Whoever is to be erased counts as gone from when he is marked, though it can be undone for a while: when the time is
    /// over, nobody is asked any more. The caller took the guard of membership before he locked the user.
    func keepingOwners(without user: UserID, _ change: () throws -> Void) throws {
        guard !isEverything else { return try change() }
        try keepingOwners(of: Self.grantableRoles(of: user, at: now, transaction).keys, change)
    }

    private func hasOwner(_ role: RoleID) throws -> Bool {
        try transaction.first(RoleHasOwner(role: role, now: now)) ?? false
    }

    private static func covers<Kind>(_ held: Held<Kind>, _ id: ID<Kind>, _ until: Timestamp?) -> Bool {
        guard let end = held[id] else { return false }
        guard let end else { return true }
        return until.map { $0 <= end } ?? false
    }
}

// What is had, from the tables.
extension Authority {
    private static func roles(
        of account: ServiceAccountID,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> Held<IDKind.Role> {
        let list = ListAssignmentsOfHolder<AssignmentKinds.RoleOfServiceAccount>(holder: account, now: now)
        return try collect(transaction.all(list).map { ($0.held, $0.terms.expiresAt) })
    }

    private static func grantableRoles(
        of user: UserID,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> Held<IDKind.Role> {
        let ways = try ways(of: user, at: now, transaction)
        return collect(ways.filter(\.terms.mayGrant).map { ($0.role, $0.terms.expiresAt) })
    }

    private static func grantableGroups(
        of user: UserID,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> Held<IDKind.Group> {
        let rows = try transaction.all(GroupsOfUser(user: user, now: now))
        return collect(rows.filter(\.terms.mayGrant).map { ($0.group, $0.terms.expiresAt) })
    }

    /// The roles of a user, each with whether he may pass it on.
    private static func roles(
        of user: UserID,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> [RoleID: Bool] {
        let ways = try ways(of: user, at: now, transaction)
        return Dictionary(ways.map { ($0.role, $0.terms.mayGrant) }) { $0 || $1 }
    }

    private static func ways(
        of user: UserID,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> [(role: RoleID, terms: AssignmentTerms)] {
        let list = ListAssignmentsOfHolder<AssignmentKinds.RoleOfUser>(holder: user, now: now)
        let direct = try transaction.all(list).map { (role: $0.held, terms: $0.terms) }
        return try direct + transaction.all(InheritedRoles(user: user, now: now)).map { ($0.role, $0.terms) }
    }

    /// Of several ways to have a thing the one counts that lasts longest.
    private static func collect<Kind>(_ ways: [(ID<Kind>, Timestamp?)]) -> Held<Kind> {
        Dictionary(ways, uniquingKeysWith: Timestamp.later)
    }
}

extension CoreParts {
    /// Demands that the actor has whatever a user has, before anything is done to the user (SECURITY ADM-03).
    ///
    /// Everything that acts on a user calls this in its transaction, after it locked the user.
    func requireAuthority(over user: UserID, _ context: CallContext, _ transaction: Transaction) throws {
        switch context.actor {
        case .system: return
        case .serviceAccount(let caller) where caller.scopes.isEverything: return
        case .user(let session, _) where session.userID == user: return
        default: try Authority(of: context, at: clock.now(), transaction).requireOver(user)
        }
    }
}

extension CoreParts {
    /// Demands to be somebody who may change membership at all; what exactly is for `Authority`.
    ///
    /// Of a person it also demands a session of the strength that acts of administration need (SECURITY ADM-07); a refusal for
    /// want of it is in the audit trail.
    func requireMembershipChange(_ context: CallContext) async throws(FlowError) {
        guard case .user(let session, _) = context.actor else { return try context.require(.membershipWrite) }
        guard !session.isRestricted else { throw .sessionRestricted }
        guard policy.administrationDemand.isMet(by: session) else {
            let refusal = FlowError.administrationProofTooWeak
            try await recordStepUp(refusal, context)
            throw refusal
        }
    }
}

extension FlowError {
    static let administrationProofTooWeak = FlowError(
        .stepUpRequired(.aal2, because: .proofWeak),
        reason: .stepUpRequired,
        message: "giving and taking roles and groups needs a session with the proof that administration demands"
    )

    static let authorityMissing = FlowError(
        .permissionDenied,
        reason: .authorityMissing,
        message: "nobody gives, takes or lays hands on what he does not have with the right to pass it on"
    )

    static let lastOwner = FlowError(
        .failedPrecondition,
        reason: .lastOwner,
        message: "nobody would be left who may give this role; an administrator can take it away"
    )
}
