import JSON
import MariaDB

/// What a token issuer asks of users: what to put into a token, and whether there may be one (PRODUCT section 7).
package struct ClaimFlows: Sendable {
    /// What one transaction reads for an answer.
    private struct Subject: Sendable {
        let user: User
        let profile: StoredProfile
        let schema: ProfileSchema
        let session: Session?
        /// In the order of their names; nil where nobody asked.
        var roles: [String]?
        var groups: [String]?
    }

    let parts: CoreParts

    /// The claims of an active user, in the order of their names, each once.
    ///
    /// A user who is not active, or a session that is over, has none: no token is to be issued. Values that nobody may
    /// see over an interface are no claims; an attribute that belongs to no scope is none either, whoever asks by name.
    package func claims(_ request: ClaimsRequest, _ context: CallContext) async throws(FlowError) -> [Claim] {
        try context.require(.claimsRead)
        try request.validate()
        let flows = self
        return try await parts.read(context) { try flows.claims(request, $0) }
    }

    /// The same in a transaction of the caller's, who has the right to ask.
    func claims(_ request: ClaimsRequest, _ transaction: Transaction) throws -> [Claim] {
        let wanted = WantedClaims(request)
        guard let subject = try read(request.user, request.session, wanted, transaction) else {
            throw FlowError.notFound
        }
        switch activity(of: subject, needsSession: request.session != nil) {
        case .active: break
        case .sessionOver: throw FlowError.claimsSessionOver
        default: throw FlowError.claimsUserInactive
        }
        var claims = [Claim("sub", .string(request.user.description))]
        claims += subject.session.map(Self.claims(of:)) ?? []
        claims += UserClaims(subject.user, profileUpdatedAt: subject.profile.updatedAt).claims(wanted)
        claims += try Self.claims("roles", subject.roles) + Self.claims("groups", subject.groups)
        claims += ProfileClaims(document: subject.profile.document, schema: subject.schema).claims(wanted)
        return claims.sorted { $0.name < $1.name }
    }

    /// Whether tokens may be issued and kept for a user, and for a session of his if one is named.
    package func activity(
        of user: UserID,
        session: SessionID?,
        _ context: CallContext
    ) async throws(FlowError) -> Activity {
        try context.require(.claimsRead)
        let flows = self
        let subject = try await parts.read(context) { try flows.read(user, session, nil, $0) }
        guard let subject else { return .userUnknown }
        return activity(of: subject, needsSession: session != nil)
    }

    private func activity(of subject: Subject, needsSession: Bool) -> Activity {
        let activity = Activity(subject.user.effective(at: parts.clock.now()).state)
        return activity == .active && needsSession && subject.session == nil ? .sessionOver : activity
    }

    /// Nil for an unknown user; without the session if that is over.
    private func read(
        _ user: UserID,
        _ session: SessionID?,
        _ wanted: WantedClaims?,
        _ transaction: Transaction
    ) throws -> Subject? {
        let now = parts.clock.now()
        guard let row = try transaction.first(ReadUser(id: user)),
            let profile = try transaction.first(ReadProfile(user: user))
        else { return nil }
        let stored = try session.flatMap { try transaction.first(SessionOfUser(id: $0, user: user)) }
        let wantsRoles = wanted?.includes("roles", of: ["roles"]) ?? false
        let wantsGroups = wanted?.includes("groups", of: ["groups"]) ?? false
        return Subject(
            user: row.user,
            profile: profile.profile,
            schema: try parts.profileSchemas.schema(profile.schemaVersion, transaction),
            session: stored.flatMap {
                $0.isRestricted ? nil : $0.live(at: now, lastUse: parts.lastUses.use(of: $0.id))
            },
            roles: wantsRoles ? try transaction.all(RoleNamesOfUser(user: user, now: now)) : nil,
            groups: wantsGroups ? try transaction.all(GroupNamesOfUser(user: user, now: now)) : nil
        )
    }

    /// A list of names, each once, whatever the number of ways by which it was reached; none where nobody asked.
    private static func claims(_ name: String, _ names: [String]?) throws(FlowError) -> [Claim] {
        guard let names else { return [] }
        let unique = Set(names)
        guard unique.count <= ClaimsRequest.maximumNames else { throw .claimsTooMany(name) }
        return [Claim(name, .array(unique.sorted().map(JSONValue.string)))]
    }

    /// How and when the person of a session proved who they are (OpenID Connect Core 1.0 section 2).
    private static func claims(of session: Session) -> [Claim] {
        // A later proof that was worth less than the session's level is no fresh one of that level (SECURITY SU-02).
        let provedAt = session.provedLevel < session.level ? session.createdAt : session.authenticatedAt
        return [
            Claim("sid", .string(session.id.description)),
            Claim("auth_time", .seconds(provedAt)),
            Claim("acr", .string(session.level.claimValue)),
            Claim("amr", .array(session.methods.map(JSONValue.string))),
        ]
    }
}

extension AssuranceLevel {
    /// How the claim `acr` names the level.
    fileprivate var claimValue: String {
        switch self {
        case .aal1: "aal1"
        case .aal2: "aal2"
        }
    }
}

extension JSONValue {
    /// A NumericDate (RFC 7519 section 2), whole seconds.
    static func seconds(_ time: Timestamp) -> JSONValue { .number(String(time.microsecondsSinceEpoch / 1_000_000)) }
}

extension FlowError {
    fileprivate static let claimsUserInactive = FlowError(
        .failedPrecondition,
        reason: .claimsUserInactive,
        message: "the user is not active, and no token may be issued",
        field: "user_id"
    )

    fileprivate static func claimsTooMany(_ name: String) -> FlowError {
        FlowError(
            .failedPrecondition,
            reason: .claimsTooMany,
            message: "the user has more than \(ClaimsRequest.maximumNames) \(name), too many for a token"
        )
    }

    fileprivate static let claimsSessionOver = FlowError(
        .failedPrecondition,
        reason: .claimsSessionOver,
        message: "the user has no such live session, and no token may be issued for it",
        field: "session_id"
    )
}
