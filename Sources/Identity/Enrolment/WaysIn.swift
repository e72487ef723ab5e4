import MariaDB

/// The ways in which a user can begin to sign in (PRODUCT section 2).
struct WaysIn: Sendable, Hashable {
    /// An e-mail address that was proved, or a telephone number where codes go there, too.
    let hasAddress: Bool
    /// A name that a password may be used with.
    let hasPasswordName: Bool
    let hasPassword: Bool
    /// The password may be the only factor (SECURITY PW-01).
    let isPasswordLong: Bool
    let passkeyCount: Int
    let appCount: Int
    /// Logins at providers that are on.
    let externalCount: Int

    /// Whether one is left when this one is gone; nil: after names went.
    ///
    /// A short password is a way in beside a second factor only, and a passkey needs a name by which it says whose it is.
    func isAnyLeft(without method: SignInMethodName?) -> Bool {
        let passkeys = passkeyCount - (method == .passkey ? 1 : 0)
        let apps = appCount - (method == .totp ? 1 : 0)
        let isPasswordEnough = isPasswordLong || passkeys > 0 || apps > 0
        let password = hasPassword && hasPasswordName && method != .password && isPasswordEnough
        let external = externalCount > (method == .external ? 1 : 0)
        return hasAddress || password || external || hasPasswordName && passkeys > 0
    }
}

/// Reads the ways in of a user.
struct ReadWaysIn: Statement {
    static let sql: SQL = """
        SELECT EXISTS(SELECT 1 FROM user_identifiers WHERE user_id = ? AND kind IN (1, ?) AND verified_at IS NOT NULL),
            EXISTS(SELECT 1 FROM user_identifiers WHERE user_id = ? AND (kind = 3 OR verified_at IS NOT NULL)),
            EXISTS(SELECT 1 FROM passwords WHERE user_id = ? AND reset_demanded_at IS NULL),
            EXISTS(SELECT 1 FROM passwords WHERE user_id = ? AND reset_demanded_at IS NULL AND is_long),
            (SELECT COUNT(*) FROM passkeys WHERE user_id = ?),
            (SELECT COUNT(*) FROM totp_devices WHERE user_id = ? AND confirmed_at IS NOT NULL),
            (SELECT COUNT(*) FROM external_logins l JOIN external_providers p ON p.id = l.provider_id
                WHERE l.user_id = ? AND p.is_enabled)
        """
    let user: UserID
    /// Whether codes are sent to telephones.
    let withPhones: Bool

    func bind(to parameters: inout Parameters) {
        parameters.append(user)
        parameters.append(withPhones ? IdentifierKind.phone : .email)
        for _ in 0..<6 { parameters.append(user) }
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> WaysIn {
        WaysIn(
            hasAddress: try columns.next(),
            hasPasswordName: try columns.next(),
            hasPassword: try columns.next(),
            isPasswordLong: try columns.next(),
            passkeyCount: try columns.next(),
            appCount: try columns.next(),
            externalCount: try columns.next()
        )
    }
}

extension CoreParts {
    /// Refuses to take the last way in from a user; an administrator may, who says so.
    ///
    /// The caller has locked what it removes.
    func requireAnotherWayIn(
        than method: SignInMethodName?,
        of user: UserID,
        orAdministratorInsists insists: Bool,
        _ context: CallContext,
        _ transaction: Transaction
    ) throws {
        if insists, case .user = context.actor {
            throw FlowError.invalid("even_if_last_way_in", .fieldInvalid, "is for administrators")
        }
        guard var ways = try transaction.first(ReadWaysIn(user: user, withPhones: policy.sms.isEnabled)) else { return }
        if !policy.passwords.isEnabled { ways = ways.withoutPassword }
        guard insists || ways.isAnyLeft(without: method) else { throw FlowError.lastWayIn }
    }

    /// Refuses to let a person give up, with what just went, what his roles and groups demand of his sign-ins (SECURITY
    /// TOTP-10).
    ///
    /// Else whoever has his mailbox could set up another factor in its place. Administrators take away what was lost. Whoever
    /// did not reach it before loses nothing.
    func requireDemandWithinReach(
        of user: UserID,
        before: Enrolment,
        _ context: CallContext,
        _ transaction: Transaction
    ) throws {
        guard case .user(let session, _) = context.actor, session.userID == user else { return }
        let after = try enrolment(of: user, transaction)
        guard before.demand.isWithinReach(of: before), !after.demand.isWithinReach(of: after) else { return }
        throw FlowError.demandedFactor
    }

    /// Refuses when a user has no way in any more, after what goes is gone; an administrator may insist.
    func requireWayInLeft(
        to user: UserID,
        orAdministratorInsists insists: Bool,
        _ context: CallContext,
        _ transaction: Transaction
    ) throws {
        try requireAnotherWayIn(than: nil, of: user, orAdministratorInsists: insists, context, transaction)
    }
}

extension WaysIn {
    fileprivate var withoutPassword: WaysIn {
        WaysIn(
            hasAddress: hasAddress,
            hasPasswordName: hasPasswordName,
            hasPassword: false,
            isPasswordLong: false,
            passkeyCount: passkeyCount,
            appCount: appCount,
            externalCount: externalCount
        )
    }
}

extension FlowError {
    /// A role or group of his demands more than what would be left.
    static let demandedFactor = FlowError(
        .failedPrecondition,
        reason: .demandedFactorMissing,
        message: "a role or group of the user demands this factor; set up another one first"
    )

    /// What would be removed is the only way for its owner to sign in.
    static let lastWayIn = FlowError(
        .failedPrecondition,
        reason: .lastWayIn,
        message: "without it the user could not sign in any more"
    )
}
