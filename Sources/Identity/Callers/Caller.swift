/// An authenticated service account.
package struct Caller: Sendable, Hashable {
    /// What it proved itself with.
    package enum Credential: Sendable, Hashable {
        case token(ServiceTokenID)
        case certificate
    }

    package let id: ServiceAccountID
    package let name: String
    package let scopes: ScopeSet
    package let credential: Credential

    package init(id: ServiceAccountID, name: String, scopes: ScopeSet, credential: Credential) {
        self.id = id
        self.name = name
        self.scopes = scopes
        self.credential = credential
    }
}
