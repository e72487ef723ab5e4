import Cryptography
import MariaDB

extension SignInEngine {
    /// After a proof: asks for more, ends with a session, or refuses for good.
    ///
    /// Here self-registration, the account's state and the level are settled, whatever led here (SECURITY ADM-11,
    /// TH-06, OTP-09). `failuresBefore` are those in a row before this proof. `note` writes down what was proved, once the
    /// account is known to let anybody in; nothing of one that does not is changed.
    func decide(
        _ flow: inout SignInFlow,
        _ identity: SignInIdentity,
        _ failuresBefore: UInt32,
        _ context: CallContext,
        at now: Timestamp,
        _ transaction: Transaction,
        noting note: () throws -> Void = {}
    ) throws -> Verdict {
        let row = try lockOwner(identity, transaction)
        if let row, !row.isActive(at: now) {
            return try refuse(&flow, row.owner.userID, because: .userStateUnsuitable, context, transaction)
        }
        // Whoever had the number when the code was sent may have it no more.
        guard !flow.hasProved(.smsCode) || row?.owner.isVerified == true else {
            return try refuse(&flow, row?.owner.userID, because: .signInRefused, context, transaction)
        }
        try note()
        let isAsked = SignInDecision.dependsOnEnrolment(flow.factors)
        let enrolment = isAsked ? try parts.enrolment(of: row?.owner.userID, transaction) : .none
        guard try isPasswordCurrent(flow, row?.owner.userID, transaction) else {
            return try refuse(&flow, row?.owner.userID, because: .passwordReplaced, context, transaction)
        }
        let decision = try SignInDecision(facts(of: flow, enrolment, at: now)) {
            guard let owner = row?.owner else { return false }
            return try devices.isRemembered(identity.device, of: owner.userID, at: now, transaction)
        }
        guard let level = decision.level else {
            return try demandMore(&flow, identity, row?.owner.userID, decision.reasons, context, transaction)
        }
        guard let row else {
            guard flow.confirming == nil else {
                return try refuse(&flow, nil, because: .signInRefused, context, transaction)
            }
            return try register(&flow, identity, decision, level, context, at: now, transaction)
        }
        let user = row.owner.userID
        if let confirming = flow.confirming {
            try tellOfSignIn(
                user,
                isKnownDevice: true,
                failuresBefore: failuresBefore,
                flow.languages,
                context,
                at: now,
                transaction
            )
            return try confirm(
                &flow,
                confirming,
                user,
                level,
                because: decision.reasons,
                context,
                at: now,
                transaction
            )
        }
        try noteVerification(of: row.owner, in: flow, context, at: now, transaction)
        let device = try devices.renewed(identity.device, of: user, at: now, transaction)
        let isTold = try tellOfSignIn(
            user,
            isKnownDevice: device != nil,
            failuresBefore: failuresBefore,
            flow.languages,
            context,
            at: now,
            transaction
        )
        return try signIn(
            &flow,
            user,
            level,
            because: decision.reasons,
            isRestricted: decision.isRestricted,
            on: device,
            isNewUser: flow.isNewUser,
            leaving: SignedIn.Leftovers(hasMessages: isTold, hasFailures: row.hasFailures),
            context,
            at: now,
            transaction
        )
    }

    /// What the rules ask about a flow; `enrolment` is of its owner.
    func facts(of flow: SignInFlow, _ enrolment: Enrolment, at now: Timestamp) -> SignInDecision.Facts {
        SignInDecision.Facts(
            factors: flow.factors,
            demand: flow.demand,
            isConfirmation: flow.confirming != nil,
            enrolment: enrolment,
            isPasswordTooOld: isPasswordTooOld(flow, enrolment, at: now)
        )
    }

    /// Goes on with a flow whose proofs are not enough; it ends when there is nothing left to prove.
    private func demandMore(
        _ flow: inout SignInFlow,
        _ identity: SignInIdentity,
        _ user: UserID?,
        _ reasons: [ReasonID],
        _ context: CallContext,
        _ transaction: Transaction
    ) throws -> Verdict {
        let view = try view(of: flow, naming: identity, because: reasons, transaction)
        guard !view.steps.isEmpty else {
            return try refuse(&flow, user, because: .stepUpRequired, also: reasons, context, transaction)
        }
        try flows.update(flow, transaction)
        let event = AuditEvent(
            .signInMoreDemanded,
            reason: reasons.first,
            subjectUser: user,
            subjectID: flow.id.bytes,
            details: flow.methodDetails.merging(reasons.details) { $1 }
        )
        try audit.append(event, context, transaction)
        return .proceed(view)
    }

    /// Makes the user, with the address that was just proved, if the policy lets unknown ones in.
    private func register(
        _ flow: inout SignInFlow,
        _ identity: SignInIdentity,
        _ decision: SignInDecision,
        _ level: AssuranceLevel,
        _ context: CallContext,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> Verdict {
        let invitation = try openInvitation(to: identity.canonical, at: now, transaction)
        guard flow.hasProved(.emailCode), let name = LoginName(identity.kind, identity.value),
            name.canonical == identity.canonical,
            invitation != nil || parts.policy.selfRegistration.admits(canonicalEmail: identity.canonical)
        else {
            return try refuse(&flow, nil, because: .registrationRefused, context, transaction)
        }
        let externalID = invitation?.externalID.flatMap(ExternalID.init)
        if let externalID, try transaction.first(UserByExternalID(externalID: externalID)) != nil {
            return try refuse(&flow, nil, because: .externalIDTaken, context, transaction)
        }
        let user = try insertUser(name, externalID: externalID?.text, at: now, transaction)
        let way = invitation == nil ? "self_registration" : "invitation"
        let event = AuditEvent(.userCreated, subjectUser: user.id, details: ["by": way])
        try audit.append(event, context, transaction)
        if let invitation { try use(invitation, for: user.id, context, at: now, transaction) }
        return try signIn(
            &flow,
            user.id,
            level,
            because: decision.reasons + [.userRegistered],
            isRestricted: decision.isRestricted,
            on: nil,
            isNewUser: true,
            leaving: SignedIn.Leftovers(),
            context,
            at: now,
            transaction
        )
    }

    /// Somebody else may have made a user of this name since we looked: the step is then run again, and finds it.
    private func insertUser(
        _ name: LoginName,
        externalID: String?,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> User {
        do {
            return try UserStore(parts: parts)
                .insert([(name: name, verifiedAt: now)], externalID: externalID, at: now, transaction)
        } catch let error as FlowError where error.reason == .identifierTaken {
            throw RegistrationRace()
        }
    }

    /// An address that an administrator put in is verified by this proof, and by nothing less (SECURITY REC-05).
    private func noteVerification(
        of owner: SignInIdentity.Owner,
        in flow: SignInFlow,
        _ context: CallContext,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws {
        guard !owner.isVerified, flow.hasProved(.emailCode) else { return }
        let store = UserStore(parts: parts)
        guard try store.verify(owner.identifierID, of: owner.userID, at: now, transaction) else { return }
        let event = AuditEvent(
            .identifierVerified,
            subjectUser: owner.userID,
            subjectID: owner.identifierID.bytes
        )
        try audit.append(event, context, transaction)
    }

    /// Whether the password that was proved is to be changed; no device stands in for a second factor then.
    private func isPasswordTooOld(_ flow: SignInFlow, _ enrolment: Enrolment, at now: Timestamp) -> Bool {
        guard flow.hasProved(.password), let age = parts.policy.passwords.maximumAge,
            let password = enrolment.password
        else { return false }
        return now - password.changedAt > age
    }

    /// Whether a password that was proved, if any was, still is its owner's: a change voids it (SECURITY PW-14).
    ///
    /// The row is locked, since what was read before may be older than a change that is committed; and it must be the very
    /// password that was proved, since the clocks of two nodes do not tell which of two times was first.
    private func isPasswordCurrent(_ flow: SignInFlow, _ user: UserID?, _ transaction: Transaction) throws -> Bool {
        guard let proof = flow.factors.first(where: { $0.method == .password }) else { return true }
        guard let stored = try transaction.first(LockPassword(user: user ?? .zero)) else { return false }
        return stored.resetDemandedAt == nil && proof.setAt == stored.changedAt
    }

    private func signIn(
        _ flow: inout SignInFlow,
        _ user: UserID,
        _ level: AssuranceLevel,
        because reasons: [ReasonID],
        isRestricted: Bool,
        on known: DeviceID?,
        isNewUser: Bool = false,
        leaving leftovers: SignedIn.Leftovers,
        _ context: CallContext,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> Verdict {
        let added = known == nil ? try devices.add(for: user, at: now, transaction) : nil
        try end(&flow, with: user, transaction)
        let proved = flow
        let (session, token) = try SessionStore(parts: parts).create(
            for: user,
            level: level,
            methods: flow.methodReferences,
            provedKind: flow.provedKind,
            isRestricted: isRestricted,
            device: known ?? added?.device,
            at: now,
            context,
            transaction
        ) { session in
            [succeeded(proved, user, session, because: reasons)]
        }
        if let login = flow.identifier?.externalLogin {
            let vouched = InsertExternalSession(
                session: session.id,
                login: login,
                providerSession: flow.externalSession
            )
            try transaction.execute(vouched)
        }
        if flow.remembersDevice, flow.provedKind >= .possession, let device = known ?? added?.device {
            try devices.remember(device, at: now, transaction)
        }
        let signedIn = SignedIn(
            session: session,
            token: token,
            deviceToken: added?.token,
            isNewUser: isNewUser,
            returnTarget: flow.returnTarget,
            reasons: reasons,
            leftovers: leftovers
        )
        return .signedIn(signedIn)
    }
}

extension SignInFlow {
    /// The kind of the strongest proof.
    var provedKind: FactorKind { factors.map(\.enrolledKind).max() ?? .address }

    /// Whether this method was used.
    func hasProved(_ method: SignInMethodName) -> Bool { factors.contains { $0.method == method } }

    /// The `amr` values of what was proved (RFC 8176 section 2).
    var methodReferences: [String] { Set(factors.map(\.method.authenticationMethodReference)).sorted() }
}

/// Two flows proved the same new address at once; the later one finds the user when it runs again.
struct RegistrationRace: Error {}
