import MariaDB

/// What a user can prove himself with beside an address, as far as signing in asks.
struct Enrolment: Sendable, Hashable {
    /// Methods that are ready for use.
    let methods: Set<SignInMethodName>
    /// The kind of the strongest proof that the user can give, a password apart.
    let strongestOther: FactorKind
    /// The password, if there is one that lets its owner in.
    var password: Password?
    /// What the user's roles and groups, at any depth, demand of sign-ins.
    let demand: AssuranceDemand

    /// What signing in asks about a password.
    struct Password: Sendable, Hashable {
        /// Long enough to be the only factor (SECURITY PW-01).
        let isLong: Bool
        let changedAt: Timestamp
    }

    /// Nothing, or nothing that may be told yet.
    static let none = Enrolment(methods: [], strongestOther: .address)

    /// `strongestOther` is the kind of the strongest proof, a password apart.
    init(
        methods: Set<SignInMethodName>,
        strongestOther: FactorKind,
        password: Password? = nil,
        demand: AssuranceDemand = .nothing
    ) {
        self.methods = password == nil ? methods : methods.union([.password])
        self.strongestOther = strongestOther
        self.password = password
        self.demand = demand
    }

    /// The kind of the strongest proof that the user can give (SECURITY SU-04).
    var strongestKind: FactorKind { password == nil ? strongestOther : max(strongestOther, .knowledge) }

    /// Whether there is a factor that has to be proved beside the first one.
    var hasSecondFactor: Bool { strongestOther >= .possession }

    /// The same of somebody who has no password, or may not use it.
    var withoutPassword: Enrolment {
        Enrolment(methods: methods.subtracting([.password]), strongestOther: strongestOther, demand: demand)
    }
}

extension SignInMethodName {
    /// What a proof by this method is worth, at the least.
    var factorKind: FactorKind {
        switch self {
        // A recovery code stands in for a factor that is lost, in a session that may do nothing but set up another.
        case .emailCode, .smsCode, .recoveryCode, .external: .address
        case .password: .knowledge
        case .totp, .passkey: .possession
        }
    }
}

/// What a user enrolled.
struct ReadEnrolment: Statement {
    static let sql: SQL = """
        SELECT EXISTS(SELECT 1 FROM totp_devices WHERE user_id = ? AND confirmed_at IS NOT NULL),
            EXISTS(SELECT 1 FROM passkeys WHERE user_id = ?),
            EXISTS(SELECT 1 FROM passkeys WHERE user_id = ? AND is_user_verified),
            EXISTS(SELECT 1 FROM recovery_codes WHERE user_id = ?),
            (SELECT is_long FROM passwords WHERE user_id = ? AND reset_demanded_at IS NULL),
            (SELECT changed_at FROM passwords WHERE user_id = ? AND reset_demanded_at IS NULL),
            (SELECT MAX(r.assurance_demand) FROM user_roles a JOIN roles r ON r.id = a.role_id
                WHERE a.user_id = ? AND (a.expires_at IS NULL OR a.expires_at > ?)),
            (SELECT MAX(GREATEST(g.assurance_demand, IFNULL(r.assurance_demand, 0)))
                FROM group_members m JOIN group_closure c ON c.descendant_id = m.group_id
                JOIN user_groups g ON g.id = c.ancestor_id
                LEFT JOIN group_roles a ON a.group_id = g.id AND (a.expires_at IS NULL OR a.expires_at > ?)
                LEFT JOIN roles r ON r.id = a.role_id
                WHERE m.user_id = ? AND (m.expires_at IS NULL OR m.expires_at > ?))
        """
    let user: UserID
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        for _ in 0..<7 { parameters.append(user) }
        parameters.append(now)
        parameters.append(now)
        parameters.append(user)
        parameters.append(now)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Enrolment {
        let (hasTOTP, hasPasskey) = (try columns.next(Bool.self), try columns.next(Bool.self))
        let verifies = try columns.next(Bool.self)
        let hasRecoveryCodes = try columns.next(Bool.self)
        let (isLong, changedAt) = (try columns.nextOptional(Bool.self), try columns.nextOptional(Timestamp.self))
        let methods: [(SignInMethodName, Bool)] = [
            (.totp, hasTOTP), (.passkey, hasPasskey), (.recoveryCode, hasRecoveryCodes),
        ]
        let demands = [try columns.nextOptional(AssuranceDemand.self), try columns.nextOptional(AssuranceDemand.self)]
        var password: Enrolment.Password?
        if let isLong, let changedAt { password = Enrolment.Password(isLong: isLong, changedAt: changedAt) }
        return Enrolment(
            methods: Set(methods.filter(\.1).map(\.0)),
            strongestOther: verifies ? .multiple : hasTOTP || hasPasskey ? .possession : .address,
            password: password,
            demand: demands.compactMap { $0 }.max() ?? .nothing
        )
    }
}

extension CoreParts {
    /// What a user enrolled; nothing when nobody is asked about, with the same work (SECURITY EN-02).
    func enrolment(of user: UserID?, _ transaction: Transaction) throws -> Enrolment {
        let enrolment = try transaction.first(ReadEnrolment(user: user ?? .zero, now: clock.now())) ?? .none
        return policy.passwords.isEnabled ? enrolment : enrolment.withoutPassword
    }

    /// Demands that the last proof of the user's session is fresh and of the strongest kind that the user has
    /// (SECURITY SU-01, SU-04, TOTP-10); service accounts are not asked.
    ///
    /// `repairing`: a session that was begun with a recovery code has proved what its owner still can.
    func requireStrongestProof(
        _ context: CallContext,
        repairing: Bool = false,
        _ transaction: Transaction
    ) throws {
        guard case .user(let session, _) = context.actor else { return }
        try requireFreshProof(context)
        if repairing, session.isRecovering { return }
        guard session.provedKind >= (try enrolment(of: session.userID, transaction)).strongestKind else {
            throw FlowError.proofTooWeak(session)
        }
    }
}

extension FlowError {
    static func stepUpRequired(_ session: Session, because reason: ReasonID, _ message: String) -> FlowError {
        FlowError(.stepUpRequired(session.level, because: reason), reason: .stepUpRequired, message: message)
    }

    /// The last proof was not by the strongest factor (SECURITY SU-04).
    static func proofTooWeak(_ session: Session) -> FlowError {
        .stepUpRequired(session, because: .proofWeak, "this needs a proof by the strongest factor that you have")
    }
}
