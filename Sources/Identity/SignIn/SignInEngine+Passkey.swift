import Cryptography
import MariaDB
import WebAuthn

extension SignInEngine {
    /// What a passkey must do in a flow as it stands; nil when none is of use.
    struct PasskeyDemand: Sendable {
        let relyingParty: RelyingParty
        let userVerification: UserVerification
        /// The passkeys of whoever proved something before; empty when any passkey is welcome.
        let offered: [PasskeyRow]
    }

    /// Makes a challenge for a passkey.
    ///
    /// Before the first proof any passkey is welcome, which knows by itself whose it is: so nothing tells who has one
    /// (SECURITY WO-06). Throws `step_not_due` when a passkey is of no use.
    func challengePasskey(
        _ handle: TokenHash,
        _ context: CallContext,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> PasskeyOptions {
        guard let flow = try flows.lockOpen(handle, of: context.flowOwner, at: now, transaction) else {
            throw FlowError.flowEnded
        }
        return try challengePasskey(flow, at: now, transaction)
    }

    /// The same within a budget of its source like that of beginnings.
    func challengeCountedPasskey(
        _ handle: TokenHash,
        _ context: CallContext,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> Outcome<PasskeyOptions> {
        let subjects = beginSubjects(context, label: "passkey_options")
        if case .blocked(_, let until) = try throttles.count(subjects, at: now, transaction) {
            return .throttled(until: until)
        }
        return .done(try challengePasskey(handle, context, at: now, transaction))
    }

    /// The same for a flow that is held.
    func challengePasskey(
        _ flow: SignInFlow,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> PasskeyOptions {
        guard let demand = try passkeyDemand(flow, at: now, transaction) else { throw FlowError.stepNotDue }
        let lifetime = parts.policy.passkeys.challengeLifetime
        let expiresAt = now + lifetime
        let challenge = try passkeyChallenges.make(.signIn, owner: flow.id.bytes, expiresAt: expiresAt, transaction)
        let options = PasskeyOptionsJSON.Request(
            challenge: Base64URL.encode(challenge),
            timeout: lifetime.components.seconds * 1000,
            rpId: demand.relyingParty.id,
            allowCredentials: demand.offered.map(PasskeyOptionsJSON.CredentialDescriptor.init),
            userVerification: demand.userVerification.rawValue
        )
        return PasskeyOptions(json: try PasskeyOptionsJSON.text(options), expiresAt: expiresAt)
    }

    /// Counts, takes the challenge, checks, decides; whatever is wrong looks the same (SECURITY WA-26).
    ///
    /// A signature cannot be guessed, so failures count against source and total only: whoever knows the id of a passkey,
    /// which is no secret, cannot lock it (TH-05).
    func submitPasskey(
        _ handle: TokenHash,
        _ response: AuthenticationResponse,
        _ context: CallContext,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> Verdict {
        guard var flow = try flows.lockOpen(handle, of: context.flowOwner, at: now, transaction) else {
            return .refused(.ended)
        }
        let context = context.completed(from: flow)
        let wasUnnamed = flow.identifier == nil
        guard let demand = try passkeyDemand(flow, at: now, transaction) else { throw FlowError.stepNotDue }
        let admission = try throttles.count(passkeySubjects(context), at: now, transaction)
        guard case .admitted(let admitted) = admission else { return .refused(refusal(admission, at: now)) }
        guard let challenge = try passkeyChallenges.take(.signIn, owner: flow.id.bytes, at: now, transaction),
            let row = try transaction.first(LockCredential(credentialID: response.envelope.rawID)),
            let assertion = verified(response, challenge, row, demand),
            let identity = try identity(of: &flow, provedBy: row.passkey.userID, context, at: now, transaction)
        else { return try refusePasskey(flow, context, transaction) }
        if assertion.counter == .regressed {
            let event = AuditEvent(
                .authenticatorSuspected,
                subjectUser: row.passkey.userID,
                subjectID: row.passkey.id.bytes,
                details: ["counter": "\(row.signatureCount) \(assertion.signatureCount)"]
            )
            try audit.append(event, context, transaction)
        }
        // The counters of what is synchronised are kept by many devices, and say little (SECURITY WA-22).
        guard assertion.counter == .fine || row.passkey.isBackupEligible else {
            try transaction.enqueue(SuspectPasskey(passkey: row.passkey.id, now: now))
            let notice = AccountNotice(.passkeyCopied, at: now, userAgent: context.userAgent, source: context.source)
            let writer = NoticeWriter(parts: parts)
            try writer.tell(row.passkey.userID, notice, languages: flow.languages, at: now, transaction)
            return try refusePasskey(flow, context, transaction)
        }
        let isTwoFactors = assertion.isUserVerified && mayVerifyUser(row, beside: flow.factors, at: now)
        // Its own challenge was taken; where nobody had been named, no code was sent.
        flow.hasChallenges = !wasUnnamed
        try flow.follow(.prove)
        let kind: FactorKind = isTwoFactors ? .multiple : .possession
        flow.factors.append(Factor(method: .passkey, kind: kind, provedAt: now))
        return try decide(&flow, identity, admitted.failuresBefore, context, at: now, transaction) {
            // The row is held since it was read, so no other assertion came between.
            let use = UsePasskey(row: row, assertion: assertion, isUserVerified: isTwoFactors, now: now)
            try transaction.enqueue(use)
        }
    }

    /// Whether a passkey's word that it knows its owner is believed: if it did at registration, or once by the side of
    /// proofs that are two factors without it (Level 3 section 7.2 step 24, SECURITY WA-24).
    ///
    /// Else whoever finds a key without a PIN sets one, and has both factors.
    private func mayVerifyUser(_ row: PasskeyRow, beside proofs: [Factor], at now: Timestamp) -> Bool {
        let possession = Factor(method: .passkey, kind: .possession, provedAt: now)
        return row.isUserVerified || AssuranceLevel(provedBy: proofs + [possession]) == .aal2
    }

    /// What a passkey is counted by: source and total, in budgets of its own, since strangers who guess codes at the same
    /// address must not lock it (TH-05).
    private func passkeySubjects(_ context: CallContext) -> [ThrottleSubject] {
        let policy = parts.policy.throttling
        return keys.sourceSubjects(
            context.source,
            label: SignInMethodName.passkey.rawValue,
            address: (.triesOfSource, policy.passkeysPerSource),
            prefix: (.triesOfPrefix, policy.passkeysPerPrefix)
        ) + [totalSubject()]
    }

    /// Whether a passkey may be used next: before the first proof by anybody, so that nothing tells who has one, and after
    /// it by whoever has one.
    func isPasskeyOfUse(
        in flow: SignInFlow,
        _ known: SignInIdentity?,
        _ transaction: Transaction
    ) throws -> Bool {
        guard parts.policy.passkeys.relyingParty != nil, !flow.factors.contains(where: { $0.method == .passkey }) else {
            return false
        }
        guard flow.confirming != nil || !flow.factors.isEmpty, let identifier = flow.identifier else { return true }
        let identity = try known ?? resolve(identifier, transaction)
        return try parts.enrolment(of: identity.owner?.userID, transaction).methods.contains(.passkey)
    }

    private func passkeyDemand(
        _ flow: SignInFlow,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> PasskeyDemand? {
        guard let relyingParty = parts.policy.passkeys.relyingParty,
            !flow.factors.contains(where: { $0.method == .passkey })
        else { return nil }
        guard flow.confirming != nil || !flow.factors.isEmpty else {
            return PasskeyDemand(
                relyingParty: relyingParty,
                userVerification: .required,
                offered: []
            )
        }
        guard let owner = try identity(of: flow, at: now, transaction).owner else { return nil }
        let offered = try transaction.all(ListPasskeys(user: owner.userID))
        guard !offered.isEmpty else { return nil }
        // A level that is demanded, like a confirmation, needs the passkey to be two factors if it can be.
        let demand = max(flow.demand, try parts.enrolment(of: owner.userID, transaction).demand)
        let isStrongest = offered.contains(where: \.isUserVerified) && (flow.confirming != nil || demand > .nothing)
        return PasskeyDemand(
            relyingParty: relyingParty,
            userVerification: isStrongest ? .required : parts.policy.passkeys.userVerification,
            offered: offered
        )
    }

    private func verified(
        _ response: AuthenticationResponse,
        _ challenge: [UInt8],
        _ row: PasskeyRow,
        _ demand: PasskeyDemand
    ) -> VerifiedAssertion? {
        guard let key = try? CredentialPublicKey(row.publicKey) else { return nil }
        // What never knew its owner is a second factor only.
        guard row.isUserVerified || !demand.offered.isEmpty else { return nil }
        // Whose it is, is settled by what was offered; passkeys of a merged account keep the handle they know.
        let user: AuthenticationExpectation.User = demand.offered.isEmpty ? .unknown : .known(handle: row.handle)
        let expectation = AuthenticationExpectation(
            relyingParty: demand.relyingParty,
            challenge: challenge,
            user: user,
            userVerification: demand.userVerification,
            allowedCredentials: demand.offered.map(\.credentialID)
        )
        let stored = StoredCredential(
            id: row.credentialID,
            userHandle: row.handle,
            publicKey: key,
            signatureCount: row.signatureCount,
            isBackupEligible: row.passkey.isBackupEligible
        )
        return try? AuthenticationCeremony.verify(response, against: expectation, credential: stored)
    }

    /// Whose flow it is from now on: the one who was named, if the passkey is theirs, or else its owner (SECURITY WA-06).
    private func identity(
        of flow: inout SignInFlow,
        provedBy user: UserID,
        _ context: CallContext,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> SignInIdentity? {
        if flow.identifier != nil {
            let identity = try identity(of: flow, at: now, transaction)
            return identity.owner?.userID == user ? identity : nil
        }
        let known = try transaction.all(NamesToProve(user: user)).min(by: NamesToProve.isBetter)
        // Who has no name is known by the login that he came with.
        let login = known == nil ? try transaction.all(ListExternalLogins(user: user)).first : nil
        guard let name = known?.identifier ?? login.map({ .init(external: $0.id, label: $0.label) }) else {
            return nil
        }
        try flow.follow(.identify)
        flow.identifier = name
        var identity = known?.identity(of: user) ?? SignInIdentity(of: user, named: name)
        identity.device = try devices.recognise(context.devices, of: identity, at: now, transaction)
        flow.deviceID = identity.device
        return identity
    }

    private func refusePasskey(
        _ flow: SignInFlow,
        _ context: CallContext,
        _ transaction: Transaction
    ) throws -> Verdict {
        let event = AuditEvent(
            .signInRefused,
            outcome: .failure,
            reason: .signInRefused,
            subjectID: flow.id.bytes,
            details: ["method": SignInMethodName.passkey.rawValue]
        )
        try audit.append(event, context, transaction)
        return .refused(.tryAgain)
    }
}
