package import Cryptography
import MariaDB

/// What an application asks for when it sends a browser to be signed in.
package struct HandOverRequest: Sendable, Hashable {
    package let application: ApplicationID
    /// One of its registered addresses.
    package let returnAddress: String
    /// Comes back with the ticket; the application knows its own sign-in by it.
    package let state: String
    /// SHA-256 of a secret that whoever redeems the ticket must know (RFC 7636 section 4.2, `S256`).
    package let challenge: [UInt8]?
    package let demand: AssuranceDemand
    /// How old the last proof of identity may be; nil: as old as the session lives.
    package let maximumAge: Duration?

    /// Reads the parameters of an address; nil when one is not what it must be.
    ///
    /// Which application and address they name is not looked at yet.
    package init?(
        application: String,
        returnAddress: String,
        state: String,
        challenge: String = "",
        demand: String = "",
        maximumAge: String = ""
    ) {
        guard let id = ApplicationID(text: application), (1...500).contains(returnAddress.utf8.count),
            state.utf8.count <= 300, state.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            let demand = Self.demands[demand], maximumAge.isEmpty || Self.seconds(maximumAge) != nil
        else { return nil }
        let digest = challenge.isEmpty ? nil : Base64URL.decode(challenge)
        guard challenge.isEmpty || digest?.count == 32 else { return nil }
        self.application = id
        self.returnAddress = returnAddress
        self.state = state
        self.challenge = digest
        self.demand = demand
        self.maximumAge = Self.seconds(maximumAge)
    }

    private static let demands: [String: AssuranceDemand] = ["": .nothing, "aal2": .aal2, "passkey": .passkey]

    /// Up to eight digits and nothing else.
    private static func seconds(_ text: String) -> Duration? {
        guard (1...8).contains(text.utf8.count),
            text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Int64(text).map { .seconds($0) }
    }
}

/// What becomes of a browser that an application sent.
package enum HandOver: Sendable {
    /// The ticket to go back with.
    case ticket(SecretBytes, application: String)
    /// Somebody has to sign in first, and to reach so much.
    case signInNeeded(AssuranceDemand, application: String)
}
