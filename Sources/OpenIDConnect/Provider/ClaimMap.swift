/// Which claims of a provider are what here.
package struct ClaimMap: Sendable, Hashable, Codable {
    /// Who it is, for good: a name that can change hands is none (SECURITY OI-09).
    package var subject: String
    package var email: String
    package var emailVerified: String
    /// What a person recognises the login by on a list.
    package var label: String
    /// Claims that become attributes of a profile.
    package var attributes: [Attribute]

    /// A claim that becomes an attribute.
    package struct Attribute: Sendable, Hashable, Codable {
        /// When a value of the provider is written.
        package enum Refresh: String, Sendable, Hashable, Codable, CaseIterable {
            /// Only when the account is made.
            case never
            /// Also at later sign-ins, while the profile has none.
            case ifEmpty = "if_empty"
            /// At every sign-in.
            case always
        }

        /// Names of members with dots between: `address.locality`.
        package var claim: String
        /// The path of the attribute.
        package var attribute: String
        package var refresh: Refresh

        package init(claim: String, attribute: String, refresh: Refresh = .never) {
            (self.claim, self.attribute, self.refresh) = (claim, attribute, refresh)
        }
    }

    package init() {
        subject = "sub"
        email = "email"
        emailVerified = "email_verified"
        label = "email"
        attributes = [
            Attribute(claim: "name", attribute: "name"), Attribute(claim: "given_name", attribute: "given_name"),
            Attribute(claim: "family_name", attribute: "family_name"),
        ]
    }
}
