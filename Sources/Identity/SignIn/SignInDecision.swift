/// What the rules say to the proofs of a flow, and why (PRODUCT section 6).
///
/// Pure: the engine gathers the facts and acts on the answer.
struct SignInDecision: Sendable, Hashable {
    /// What the rules look at.
    struct Facts: Sendable {
        let factors: [Factor]
        /// What the request demands; roles and groups are part of the enrolment.
        let demand: AssuranceDemand
        /// A session is proved anew (step-up).
        let isConfirmation: Bool
        let enrolment: Enrolment
        /// A password was proved that is to be changed.
        let isPasswordTooOld: Bool
    }

    /// The level reached; nil while more is to be proved.
    let level: AssuranceLevel?
    /// Whether the session is for repairing the account only: after a recovery code, with a password that is too old, and
    /// while what a role or group demands is not set up.
    let isRestricted: Bool
    /// Why; empty only when nothing was proved.
    let reasons: [ReasonID]

    /// Whoever has a second factor must use it, but on a device that they had remembered; that counts for nothing towards
    /// a level that was asked for, nor for a confirmation, nor beside a password that is too old (SECURITY SE-11, SU-04).
    ///
    /// A recovery code stands in for it, and a short password is never alone (PW-01). Whoever cannot reach what the request, a
    /// role or a group demands is let in to set it up, and to nothing else.
    init(_ facts: Facts, isOnRememberedDevice: () throws -> Bool) rethrows {
        guard let proved = AssuranceLevel(provedBy: facts.factors) else {
            (level, isRestricted, reasons) = (nil, false, [])
            return
        }
        let strongest = facts.factors.map(\.enrolledKind).max() ?? .address
        let isRecovered = facts.factors.contains { $0.method == .recoveryCode }
        var (demands, grounds): ([ReasonID], [ReasonID]) = ([], [])
        // Nobody comes below it by what may do nothing but repair, nor by proving a session anew, which keeps its level.
        let isExempt = isRecovered || facts.isConfirmation
        let demanded = max(facts.demand, facts.enrolment.demand)
        let isShort = !isExempt && !demanded.isMet(by: facts.factors)
        let mayReach = demanded.isWithinReach(of: facts.enrolment)
        if isShort, mayReach {
            if !facts.demand.isMet(by: facts.factors) { demands.append(.levelDemanded) }
            if !facts.enrolment.demand.isMet(by: facts.factors) { demands.append(.roleDemandsLevel) }
        }
        if isRecovered {
            grounds.append(.recoveryCodeProved)
        } else if facts.enrolment.hasSecondFactor, strongest < .possession {
            let mayBeRemembered = !facts.isConfirmation && !facts.isPasswordTooOld && !isShort
            if try mayBeRemembered && isOnRememberedDevice() {
                grounds.append(.deviceRemembered)
            } else {
                demands.append(.secondFactorEnrolled)
                if facts.isConfirmation { demands.append(.stepUpUnderWay) }
                if facts.isPasswordTooOld { demands.append(.passwordAged) }
            }
        } else if facts.enrolment.password?.isLong == false, facts.factors.allSatisfy({ $0.kind == .knowledge }) {
            demands.append(.passwordShort)
        } else {
            grounds.append(Self.ground(strongest))
        }
        if facts.isPasswordTooOld { grounds.append(.passwordAged) }
        if isShort, !mayReach { grounds.append(.demandedFactorMissing) }
        isRestricted = isRecovered || facts.isPasswordTooOld || isShort
        level = demands.isEmpty ? proved : nil
        reasons = demands.isEmpty ? grounds : demands
    }

    /// Whether it hangs on what its owner enrolled and what roles and groups demand of him: not once a passkey proved all
    /// that can be demanded, unless there is a password whose age is to be looked at.
    static func dependsOnEnrolment(_ factors: [Factor]) -> Bool {
        !AssuranceDemand.passkey.isMet(by: factors) || factors.contains { $0.method == .password }
    }

    /// Why nothing more is asked for after a proof of this kind.
    private static func ground(_ strongest: FactorKind) -> ReasonID {
        switch strongest {
        case .address, .knowledge: .noSecondFactor
        case .possession: .secondFactorProved
        case .multiple: .passkeyVerified
        }
    }
}
