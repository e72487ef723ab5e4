/// Where a flow stands, as far as a method must know to say whether it may be used.
package struct SignInSituation: Sendable {
    let identity: SignInIdentity
    let factors: [Factor]
    /// Empty before the first proof, so that known and unknown names are offered the same; whoever confirms a session
    /// is known already.
    let enrolment: Enrolment
    /// A session is proved anew (step-up).
    let isConfirmation: Bool

    /// Whether a password was proved that may not be the only factor, and nothing else is there (SECURITY PW-01).
    var needsCompanionOfPassword: Bool {
        factors.allSatisfy { $0.kind == .knowledge } && hasProved(.password) && !enrolment.hasSecondFactor
            && enrolment.password?.isLong == false
    }

    /// Whether this method was used in the flow.
    func hasProved(_ method: SignInMethodName) -> Bool { factors.contains { $0.method == method } }
}
