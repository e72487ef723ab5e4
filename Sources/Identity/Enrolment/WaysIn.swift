import MariaDB

/// The ways in which a user can begin to sign in (PRODUCT section 2).
struct WaysIn: Sendable, Hashable {
    /// An e-mail address that was proved, or a telephone number where codes go there, too.
    let hasAddress: Bool
    /// A name that a password may be used with.
    let hasPasswordName: Bool
    let hasPassword: Bool
    let passkeyCount: Int
    /// Logins at providers that are on.
    let externalCount: Int

    /// Whether one is left when this one is gone; nil: after names went.
    ///
    /// A passkey says whose it is by an address, so without one it is no way in that taking names may leave.
    func isAnyLeft(without method: SignInMethodName?) -> Bool {
        let password = hasPassword && hasPasswordName && method != .password
        let external = externalCount > (method == .external ? 1 : 0)
        guard let method else { return hasAddress || password || external }
        return hasAddress || password || external || passkeyCount > (method == .passkey ? 1 : 0)
    }
}

/// Reads the ways in of a user.
struct ReadWaysIn: Statement {
    static let sql: SQL = """
        SELECT EXISTS(SELECT 1 FROM user_identifiers WHERE user_id = ? AND kind IN (1, ?) AND verified_at IS NOT NULL),
            EXISTS(SELECT 1 FROM user_identifiers WHERE user_id = ? AND (kind = 3 OR verified_at IS NOT NULL)),
            EXISTS(SELECT 1 FROM passwords WHERE user_id = ? AND reset_demanded_at IS NULL),
            (SELECT COUNT(*) FROM passkeys WHERE user_id = ?),
            (SELECT COUNT(*) FROM external_logins l JOIN external_providers p ON p.id = l.provider_id
                WHERE l.user_id = ? AND p.is_enabled)
        """
    let user: UserID
    /// Whether codes are sent to telephones.
    let withPhones: Bool

    func bind(to parameters: inout Parameters) {
        parameters.append(user)
        parameters.append(withPhones ? IdentifierKind.phone : .email)
        for _ in 0..<4 { parameters.append(user) }
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> WaysIn {
        WaysIn(
            hasAddress: try columns.next(),
            hasPasswordName: try columns.next(),
            hasPassword: try columns.next(),
            passkeyCount: try columns.next(),
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
            passkeyCount: passkeyCount,
            externalCount: externalCount
        )
    }
}

extension FlowError {
    /// What would be removed is the only way for its owner to sign in.
    static let lastWayIn = FlowError(
        .failedPrecondition,
        reason: .lastWayIn,
        message: "without it the user could not sign in any more"
    )
}
