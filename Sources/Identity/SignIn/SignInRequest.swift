/// What a face asks for when somebody wants to sign in.
package struct SignInRequest: Sendable {
    /// The identifier as typed, an e-mail address; nil: it is asked for later with `identify`.
    package var identifier: String?
    /// The level the session must reach; nil: what policy and user demand.
    package var wantedLevel: AssuranceLevel?
    /// Where the face sends the person afterwards; opaque here, at most 1000 code points.
    package var returnTarget: String

    package init(identifier: String? = nil, wantedLevel: AssuranceLevel? = nil, returnTarget: String = "") {
        self.identifier = identifier
        self.wantedLevel = wantedLevel
        self.returnTarget = returnTarget
    }
}
