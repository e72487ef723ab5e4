import MariaDB

/// What a user can prove himself with beside an address, as far as signing in asks.
struct Enrolment: Sendable, Hashable {
    /// Methods that are ready for use.
    let methods: Set<SignInMethodName>
    /// The kind of the strongest proof that the user can give (SECURITY SU-04).
    let strongestKind: FactorKind

    /// Nothing, or nothing that may be told yet.
    static let none = Enrolment(methods: [], strongestKind: .address)

    /// Whether there is a factor that has to be proved beside the first one.
    var hasSecondFactor: Bool { strongestKind >= .possession }
}

extension SignInMethodName {
    /// What a proof by this method is worth, at the least.
    var factorKind: FactorKind {
        switch self {
        case .emailCode: .address
        case .totp, .passkey: .possession
        }
    }
}

/// What a user enrolled.
struct ReadEnrolment: Statement {
    static let sql: SQL = """
        SELECT EXISTS(SELECT 1 FROM totp_devices WHERE user_id = ? AND confirmed_at IS NOT NULL),
            EXISTS(SELECT 1 FROM passkeys WHERE user_id = ?),
            EXISTS(SELECT 1 FROM passkeys WHERE user_id = ? AND is_user_verified)
        """
    let user: UserID

    func bind(to parameters: inout Parameters) {
        for _ in 0..<3 { parameters.append(user) }
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Enrolment {
        let (hasTOTP, hasPasskey) = (try columns.next(Bool.self), try columns.next(Bool.self))
        let verifies = try columns.next(Bool.self)
        let methods: [SignInMethodName] = (hasTOTP ? [.totp] : []) + (hasPasskey ? [.passkey] : [])
        return Enrolment(
            methods: Set(methods),
            strongestKind: verifies ? .multiple : methods.isEmpty ? .address : .possession
        )
    }
}

extension CoreParts {
    /// What a user enrolled; nothing when nobody is asked about, with the same work (SECURITY EN-02).
    func enrolment(of user: UserID?, _ transaction: Transaction) throws -> Enrolment {
        try transaction.first(ReadEnrolment(user: user ?? .zero)) ?? .none
    }

    /// Demands that the last proof of the user's session is fresh and of the strongest kind that the user has
    /// (SECURITY SU-01, SU-04, TOTP-10); service accounts are not asked.
    func requireStrongestProof(_ context: CallContext, _ transaction: Transaction) throws {
        guard case .user(let session, _) = context.actor else { return }
        try requireFreshProof(context)
        guard session.provedKind >= (try enrolment(of: session.userID, transaction)).strongestKind else {
            throw FlowError.stepUpRequired(session, "this needs a proof by the strongest factor that you have")
        }
    }
}

extension FlowError {
    static func stepUpRequired(_ session: Session, _ message: String) -> FlowError {
        FlowError(.stepUpRequired(session.level), reason: .stepUpRequired, message: message)
    }
}
