import Cryptography
import MariaDB

/// Every rule of signing in, as steps inside one database transaction each: order of steps, methods on offer, self-
/// registration, throttling, account state, level reached against level wanted, and no telling known names from
/// unknown ones.
///
/// See `SignInPhase` for the way of a flow.
///
/// Each step locks in the same order: the flow, throttle rows (in the order of `ThrottleKind`), the challenge, the
/// user, then what is only inserted. A step that counted returns an outcome and does not throw, so that a refusal
/// commits its counts.
struct SignInEngine: Sendable {
    let parts: CoreParts
    let methods: [any SignInMethod]
    let flows = SignInFlowStore()
    let throttles: ThrottleStore
    let keys: ThrottleKeys
    let audit: AuditStore
    let devices: DeviceStore
    let passkeyChallenges: PasskeyChallenges

    init(parts: CoreParts, methods: [any SignInMethod]) {
        self.parts = parts
        self.methods = methods
        throttles = ThrottleStore(policy: parts.policy.throttling)
        keys = ThrottleKeys(keyRing: parts.keyRing)
        audit = AuditStore(parts: parts)
        devices = DeviceStore(policy: parts.policy.devices, random: parts.random)
        passkeyChallenges = PasskeyChallenges(random: parts.random)
    }

    /// What a step came to.
    enum Outcome<Value: Sendable>: Sendable {
        case done(Value)
        case throttled(until: Timestamp?)

        /// The same outcome with more, or something else, in it.
        func map<Other>(_ body: (Value) throws -> Other) rethrows -> Outcome<Other> {
            switch self {
            case .done(let value): .done(try body(value))
            case .throttled(let until): .throttled(until: until)
            }
        }
    }

    /// Whose name it is, as this transaction sees it.
    func resolve(_ identifier: SignInFlow.Identifier, _ transaction: Transaction) throws -> SignInIdentity {
        if let login = identifier.externalLogin {
            let owner = try transaction.first(FindOwnerOfLogin(login: login))
            return SignInIdentity(of: owner, named: identifier)
        }
        let find = FindOwner(kind: identifier.kind, canonical: identifier.canonical)
        let owner = try transaction.first(find)
        // Asked of every name that could be a value, so that it tells nothing that one is an identifier (SECURITY EN-02).
        let other = identifier.kind == .username ? try attributeOwner(of: identifier.value, transaction) : nil
        return SignInIdentity(
            kind: identifier.kind,
            value: identifier.value,
            canonical: identifier.canonical,
            owner: owner ?? other
        )
    }

    /// The one user who has a text as the value of a unique attribute; nil when two have it, of two attributes.
    private func attributeOwner(of text: String, _ transaction: Transaction) throws -> SignInIdentity.Owner? {
        let schema = try parts.profileSchemas.current(transaction)
        var owners: [SignInIdentity.Owner] = []
        for attribute in schema.attributes where attribute.isUnique {
            guard let key = AttributeValue(text: text, attribute.kind)?.sortKey else { continue }
            let value = SignInIdentity.UniqueValue(attribute: attribute.number, hash: ProfileIndexEntries.hash(key))
            guard let user = try transaction.first(FindOwnerOfValue(value: value)) else { continue }
            owners.append(.init(user, having: value, text: text))
        }
        return Set(owners.map(\.userID)).count == 1 ? owners.first : nil
    }

    /// Whose name it is now, whatever the transaction saw before, with the user's row held.
    func lockOwner(_ identity: SignInIdentity, _ transaction: Transaction) throws -> LockOwner.Row? {
        if let login = identity.externalLogin {
            guard let row = try transaction.first(LockOwnerOfLogin(login: login)) else { return nil }
            return row.row(named: identity.value)
        }
        guard let value = identity.owner?.attribute else {
            return try transaction.first(LockOwner(kind: identity.kind, canonical: identity.canonical))
        }
        return try transaction.first(LockOwnerOfValue(value: value))?.row(of: value, identity.value)
    }

    /// Whose name it is, with the device that this call brings, if it is recognised as the owner's.
    func meet(
        _ identifier: SignInFlow.Identifier,
        on tokens: DeviceTokens,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> SignInIdentity {
        var identity = try resolve(identifier, transaction)
        identity.device = try devices.recognise(tokens, of: identity, at: now, transaction)
        return identity
    }

    /// Whose name a flow is about, with the device that it began on, if it still is recognised as the owner's.
    func identity(
        of flow: SignInFlow,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> SignInIdentity {
        guard let identifier = flow.identifier else { throw FlowError.stepNotDue }
        var identity = try resolve(identifier, transaction)
        if try devices.isRecognised(flow.deviceID, of: identity, at: now, transaction) {
            identity.device = flow.deviceID
        }
        identity.session = flow.confirming?.session
        return identity
    }

    /// The methods that may be used next, the best first.
    ///
    /// What somebody enrolled is looked at after a first proof only.
    func offered(
        to identity: SignInIdentity,
        in flow: SignInFlow,
        _ transaction: Transaction
    ) throws -> [any SignInMethod] {
        let isConfirmation = flow.confirming != nil
        let mayTell = isConfirmation || !flow.factors.isEmpty
        let situation = SignInSituation(
            identity: identity,
            factors: flow.factors,
            enrolment: mayTell ? try parts.enrolment(of: identity.owner?.userID, transaction) : .none,
            isConfirmation: isConfirmation
        )
        return methods.filter { $0.isOffered(in: situation) }
    }

    /// Where a flow stands, for its holder; `known` saves asking again whose name it is about, `reasons` why it goes on.
    func view(
        of flow: SignInFlow,
        naming known: SignInIdentity? = nil,
        because reasons: [ReasonID]? = nil,
        _ transaction: Transaction
    ) throws -> SignInView {
        var steps: [SignInStep] = []
        var reasons = reasons
        if let identifier = flow.identifier {
            let identity = try known ?? resolve(identifier, transaction)
            if reasons == nil, !flow.factors.isEmpty {
                // Whoever was asked for more has no device that stands in for it.
                let enrolment = try parts.enrolment(of: identity.owner?.userID, transaction)
                reasons = SignInDecision(facts(of: flow, enrolment, at: parts.clock.now())) { false }.reasons
            }
            steps = try offered(to: identity, in: flow, transaction).compactMap {
                try $0.step(of: flow.id, identity: identity, transaction)
            }
        } else {
            steps = [.identify]
        }
        if try isPasskeyOfUse(in: flow, known, transaction) { steps.append(.passkey) }
        return SignInView(
            id: flow.id,
            expiresAt: flow.expiresAt,
            steps: steps,
            returnTarget: flow.returnTarget,
            isConfirmation: flow.confirming != nil,
            reasons: reasons ?? []
        )
    }

    /// Forgets all challenges of a flow that is over.
    func voidChallenges(of flow: SignInFlow, _ transaction: Transaction) throws {
        guard flow.hasChallenges else { return }
        if parts.policy.passkeys.relyingParty != nil {
            let owner = flow.id.bytes
            try transaction.enqueue(DeletePasskeyChallenge(owner: owner, purpose: .signIn))
        }
        for method in methods { try method.voidChallenges(of: flow.id, transaction) }
    }
}
