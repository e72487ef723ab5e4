internal import Identity

/// Where an application wants its people to come back to after signing out.
struct SignedOutTarget: Sendable {
    let name: String
    /// The registered address, with the application's `state`.
    let address: String
    /// The same as a query of ours.
    let query: String

    /// What the fields of a form or query ask for; nil unless the application registered just that.
    static func find(_ fields: FormFields, _ visit: Visit) async throws -> SignedOutTarget? {
        let (client, address, state) = (fields["client"], fields["return_to"], fields["state"])
        guard !client.isEmpty, state.utf8.count <= 300, state.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            let name = try await visit.parts.core.tickets.signedOutTarget(
                application: client,
                address: address,
                visit.context()
            )
        else { return nil }
        return SignedOutTarget(
            name: name,
            address: address.adding(state.isEmpty ? [] : [("state", state)]),
            query: "".adding([("client", client), ("return_to", address), ("state", state)])
        )
    }
}
