import MariaDB

/// What a sign-in must reach, beyond what is demanded of everybody (PRODUCT section 6).
///
/// A request can demand it, and a role or group of everybody who has it.
package enum AssuranceDemand: UInt8, Sendable, Hashable, Comparable, Codable {
    case nothing = 0
    /// Two factors, or one user-verified passkey.
    case aal2 = 1
    /// The same, and a passkey among what was proved: what cannot be phished.
    case passkey = 2

    package static func < (left: AssuranceDemand, right: AssuranceDemand) -> Bool { left.rawValue < right.rawValue }
}

extension AssuranceDemand: SQLBindable, SQLReadable {}

extension AssuranceDemand {
    /// Whether these proofs are enough.
    func isMet(by factors: [Factor]) -> Bool {
        switch self {
        case .nothing: true
        case .aal2: AssuranceLevel(provedBy: factors) == .aal2
        case .passkey: AssuranceDemand.aal2.isMet(by: factors) && factors.contains { $0.method == .passkey }
        }
    }

    /// Whether what a session was opened with is enough.
    func isMet(by session: Session) -> Bool {
        switch self {
        case .nothing: true
        case .aal2: session.level == .aal2
        case .passkey:
            session.level == .aal2
                && session.methods.contains(SignInMethodName.passkey.authenticationMethodReference)
        }
    }

    /// Whether somebody could prove enough with all that he enrolled.
    func isWithinReach(of enrolment: Enrolment) -> Bool {
        let hasTwoFactors =
            enrolment.strongestOther == .multiple || enrolment.password != nil && enrolment.hasSecondFactor
        return switch self {
        case .nothing: true
        case .aal2: hasTwoFactors
        case .passkey: hasTwoFactors && enrolment.methods.contains(.passkey)
        }
    }
}
