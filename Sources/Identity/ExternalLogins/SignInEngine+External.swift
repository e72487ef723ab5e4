import MariaDB
import OpenIDConnect

/// What a provider vouches for, to be made a proof of.
struct ExternalProof: Sendable {
    let provider: ExternalProvider
    let person: ExternalPerson
    /// Whether the person was asked to sign in there anew, and did.
    let isFresh: Bool

    /// What it is worth: little, unless a strong context was asked for and told (SECURITY OI-12).
    var kind: FactorKind { person.isStrong ? .multiple : .address }
}

extension SignInEngine {
    /// What a provider's word came to.
    enum ExternalVerdict: Sendable {
        case verdict(Verdict)
        case refused(ExternalRefusal)
    }

    /// Counts, finds whose login it is, and goes on as after any other first proof: account state, second factor, and what
    /// roles demand hold the same (SECURITY OI-12).
    func submitExternal(
        _ handle: TokenHash,
        _ proof: ExternalProof,
        _ context: CallContext,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> ExternalVerdict {
        guard var flow = try flows.lockOpen(handle, of: context.flowOwner, at: now, transaction), flow.factors.isEmpty,
            flow.confirming == nil || proof.isFresh
        else { return .refused(.over) }
        let context = context.completed(from: flow)
        let admission = try throttles.count(commonSubjects(context), at: now, transaction)
        guard case .admitted(let admitted) = admission else {
            return .verdict(.refused(refusal(admission, at: now)))
        }
        // Nobody switches the provider off between this look and the end of the sign-in (SECURITY OI-13).
        guard let row = try transaction.first(ShareProvider(id: proof.provider.id)), row.provider.isEnabled else {
            return .refused(.over)
        }
        guard let login = try login(of: proof, &flow, context, at: now, transaction) else {
            return try refuseExternal(flow, proof, context, transaction)
        }
        let identity: SignInIdentity
        if let confirming = flow.confirming {
            guard login.userID == confirming.user else { return try refuseExternal(flow, proof, context, transaction) }
            identity = try self.identity(of: flow, at: now, transaction)
        } else {
            try flow.follow(.identify)
            let name = SignInFlow.Identifier(external: login.id, label: login.label)
            identity = try meet(name, on: context.devices, at: now, transaction)
            flow.identifier = name
            flow.deviceID = identity.device
        }
        try transaction.execute(UseExternalLogin(login: login.id, label: proof.person.label, now: now))
        try flow.follow(.prove)
        flow.factors.append(Factor(method: .external, kind: proof.kind, provedAt: now))
        flow.externalSession = proof.person.sessionID
        let verdict = try decide(&flow, identity, admitted.failuresBefore, context, at: now, transaction)
        if case .signedIn = verdict {
            let profile = ExternalProfile(parts: parts)
            let map = proof.provider.settings.claims
            try profile.write(proof.person, map, to: login.userID, isNew: flow.isNewUser, at: now, transaction)
        }
        return .verdict(verdict)
    }

    /// The login, if there is one; if not, and if the rules let it, one that is given to the owner of the address or to a
    /// new user.
    private func login(
        of proof: ExternalProof,
        _ flow: inout SignInFlow,
        _ context: CallContext,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> ExternalLogin? {
        let store = ExternalLoginStore(parts: parts)
        if let known = try store.lock(proof.person, of: proof.provider, transaction) { return known }
        guard flow.confirming == nil else { return nil }
        let address = proof.vouchedAddress
        if let address, let row = try transaction.first(LockOwner(kind: .email, canonical: address.canonical)) {
            return try adopt(proof, row, context, at: now, transaction)
        }
        return try register(proof, address, &flow, context, at: now, transaction)
    }

    /// Links by address: only where the provider speaks for its domain and says that it is verified, where its owner here
    /// proved it, too, and where nothing else opens the account (SECURITY OI-10).
    ///
    /// Whatever was open of the account ends: if it was somebody else's, he is out.
    private func adopt(
        _ proof: ExternalProof,
        _ row: LockOwner.Row,
        _ context: CallContext,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> ExternalLogin? {
        let user = row.owner.userID
        guard row.owner.isVerified, row.isActive(at: now), try transaction.first(HasOtherMethods(user: user)) == false
        else {
            return nil
        }
        try transaction.execute(DeleteDevicesOfUser(user: user))
        try transaction.execute(DeleteClaimOfUser(user: user))
        try transaction.execute(DeleteSessionsOfUser(user: user))
        return try ExternalLoginStore(parts: parts)
            .add(proof.person, of: proof.provider, to: user, at: now, context, transaction)
    }

    /// Makes a user, if the provider's settings and the policy for registrations let it; the address is his only where the
    /// provider speaks for it.
    private func register(
        _ proof: ExternalProof,
        _ address: EmailAddress?,
        _ flow: inout SignInFlow,
        _ context: CallContext,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> ExternalLogin? {
        let invitation = try address.flatMap { try openInvitation(to: $0.canonical, at: now, transaction) }
        let isAdmitted = address.map { parts.policy.selfRegistration.admits(canonicalEmail: $0.canonical) }
        let factor = Factor(method: .external, kind: proof.kind, provedAt: now)
        guard proof.provider.settings.allowsRegistration, flow.demand.isMet(by: [factor]),
            invitation != nil || isAdmitted ?? (parts.policy.selfRegistration == .open)
        else { return nil }
        let externalID = invitation?.externalID.flatMap(ExternalID.init)
        if let externalID, try transaction.first(UserByExternalID(externalID: externalID)) != nil { return nil }
        let names = address.map { [(name: LoginName.email($0), verifiedAt: Timestamp?.some(now))] } ?? []
        let user: User
        do {
            user = try UserStore(parts: parts).insert(names, externalID: externalID?.text, at: now, transaction)
        } catch let error as FlowError where error.reason == .identifierTaken {
            throw RegistrationRace()
        }
        let way = invitation == nil ? "external_login" : "invitation"
        let event = AuditEvent(
            .userCreated,
            subjectUser: user.id,
            details: ["by": way, "provider": proof.provider.name]
        )
        try audit.append(event, context, transaction)
        if let invitation { try use(invitation, for: user.id, context, at: now, transaction) }
        flow.isNewUser = true
        return try ExternalLoginStore(parts: parts)
            .add(proof.person, of: proof.provider, to: user.id, at: now, context, transaction)
    }

    /// The sign-in goes on: its holder may prove himself otherwise.
    private func refuseExternal(
        _ flow: SignInFlow,
        _ proof: ExternalProof,
        _ context: CallContext,
        _ transaction: Transaction
    ) throws -> ExternalVerdict {
        let event = AuditEvent(
            .externalRefused,
            outcome: .denied,
            reason: .externalUnknown,
            subjectUser: flow.confirming?.user,
            subjectID: flow.id.bytes,
            details: ["provider": proof.provider.name]
        )
        try audit.append(event, context, transaction)
        return .refused(.unknown)
    }
}

extension ExternalProof {
    /// The address, if the provider speaks for its domain and says that it is verified.
    fileprivate var vouchedAddress: EmailAddress? {
        guard person.isEmailVerified, let address = person.email.flatMap(EmailAddress.init),
            provider.settings.trustedDomains.contains(where: { $0.utf8.elementsEqual(address.domain.utf8) })
        else { return nil }
        return address
    }
}

extension SignInFlow.Identifier {
    /// The login that a flow is about: bytes that are no name, which begin with NUL, so that it names nobody but its owner.
    init(external login: ExternalLoginID, label: String) {
        self.init(kind: .username, value: label, canonical: [0] + login.bytes)
    }

    /// Nil for a name.
    var externalLogin: ExternalLoginID? { SignInIdentity.externalLogin(canonical) }
}

extension SignInIdentity {
    /// Whose login it is, if still anybody's.
    init(of owner: UserID?, named login: SignInFlow.Identifier) {
        let owner = owner.map { Owner(userID: $0, identifierID: .zero, value: login.value, isVerified: true) }
        self.init(kind: login.kind, value: login.value, canonical: login.canonical, owner: owner)
    }

    /// The login that it is about; nil for a name.
    var externalLogin: ExternalLoginID? { Self.externalLogin(canonical) }

    static func externalLogin(_ canonical: [UInt8]) -> ExternalLoginID? {
        canonical.count == 17 && canonical.first == 0 ? ExternalLoginID(bytes: Array(canonical.dropFirst())) : nil
    }
}

extension LockOwnerOfValue.Row {
    /// As if the login were an identifier.
    func row(named value: String) -> LockOwner.Row {
        let owner = SignInIdentity.Owner(userID: user, identifierID: .zero, value: value, isVerified: true)
        return LockOwner.Row(owner: owner, state: state, lockedUntil: lockedUntil, hasFailures: hasFailures)
    }
}

extension SignInFlows {
    /// Takes a provider's word as a proof in a flow.
    func submitExternal(
        _ handle: TokenHash,
        _ proof: ExternalProof,
        _ context: CallContext
    ) async throws(FlowError) -> ExternalOutcome {
        let now = parts.clock.now()
        let engine = engine
        for race in 1... {
            do {
                let verdict = try await parts.transaction(context) { transaction in
                    try engine.submitExternal(handle, proof, context, at: now, transaction)
                }
                guard case .verdict(let verdict) = verdict else {
                    if case .refused(let refusal) = verdict { return .refused(refusal) }
                    continue
                }
                await finishWork(after: verdict, context)
                parts.outboxSignal.raise()
                return .signIn(outcome(of: verdict))
            } catch  where error.cause is RegistrationRace && race < 3 {
                continue
            }
        }
        throw .flowEnded
    }
}
