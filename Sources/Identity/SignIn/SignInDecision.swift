/// What the rules say to the proofs of a flow, and why (PRODUCT section 6).
///
/// Pure: the engine gathers the facts and acts on the answer.
struct SignInDecision: Sendable, Hashable {
    /// What the rules look at.
    struct Facts: Sendable {
        let factors: [Factor]
        /// The level that was asked for.
        let wantedLevel: AssuranceLevel?
        /// A session is proved anew (step-up).
        let isConfirmation: Bool
        let enrolment: Enrolment
        /// A password was proved that is to be changed.
        let isPasswordTooOld: Bool
    }

    /// The level reached; nil while more is to be proved.
    let level: AssuranceLevel?
    /// Whether the session is for repairing the account only: after a recovery code, and with a password that is too old.
    let isRestricted: Bool
    /// Why; empty only when nothing was proved.
    let reasons: [ReasonID]

    /// Whoever has a second factor must use it, but on a device that they had remembered; that counts for nothing towards
    /// a level that was asked for, nor for a confirmation, nor beside a password that is too old (SECURITY SE-11, SU-04).
    ///
    /// A recovery code stands in for it, and a short password is never alone (PW-01).
    init(_ facts: Facts, isOnRememberedDevice: () throws -> Bool) rethrows {
        guard let proved = AssuranceLevel(provedBy: facts.factors) else {
            (level, isRestricted, reasons) = (nil, false, [])
            return
        }
        let strongest = facts.factors.map(\.kind).max() ?? .address
        let isRecovered = facts.factors.contains { $0.method == .recoveryCode }
        var (demands, grounds): ([ReasonID], [ReasonID]) = ([], [])
        if let wanted = facts.wantedLevel, proved < wanted { demands.append(.levelDemanded) }
        if isRecovered {
            grounds.append(.recoveryCodeProved)
        } else if facts.enrolment.hasSecondFactor, strongest < .possession {
            let mayBeRemembered = !facts.isConfirmation && !facts.isPasswordTooOld
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
        isRestricted = isRecovered || facts.isPasswordTooOld
        level = demands.isEmpty ? proved : nil
        reasons = demands.isEmpty ? grounds : demands
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
