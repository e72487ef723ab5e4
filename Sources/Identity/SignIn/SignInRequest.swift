/// What a face asks for when somebody wants to sign in.
package struct SignInRequest: Sendable {
    /// The identifier as typed, an e-mail address; nil: it is asked for later with `identify`.
    package var identifier: String?
    /// What the sign-in must reach beside what policy, roles and groups demand.
    package var demand: AssuranceDemand
    /// Where the face sends the person afterwards; opaque here, at most 1000 code points.
    package var returnTarget: String
    /// Whether a passkey's challenge is wanted at once, as a page that offers passkeys when it opens does.
    package var wantsPasskey: Bool

    package init(
        identifier: String? = nil,
        demand: AssuranceDemand = .nothing,
        returnTarget: String = "",
        wantsPasskey: Bool = false
    ) {
        self.wantsPasskey = wantsPasskey
        self.identifier = identifier
        self.demand = demand
        self.returnTarget = returnTarget
    }
}
