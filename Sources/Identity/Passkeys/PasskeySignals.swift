import Cryptography
import MariaDB
import WebAuthn

/// What a page tells the browser, so that password managers offer no passkey that is not accepted any more (Level 3 section
/// 5.1.10).
///
/// Each is the JSON text of the options of one function; binary members are base64url.
package struct PasskeySignals: Sendable, Hashable {
    /// For `signalAllAcceptedCredentials`; nil for a user who never had a passkey.
    package var allAcceptedCredentials: String?
    /// For `signalCurrentUserDetails`; nil also without a proved address.
    package var currentUserDetails: String?
    /// For `signalUnknownCredential`; nil unless a passkey was asked for that is none of the user's.
    package var unknownCredential: String?
}

extension PasskeyFlows {
    /// What the browser of the person who is signed in should know of the person's own passkeys.
    ///
    /// Only for oneself, so that it tells nobody who has which passkeys (SECURITY WA-27).
    ///
    /// - Parameters:
    ///   - credentialID: A passkey that the page holds, in base64url; empty for none.
    ///   - context: Of a person.
    /// - Returns: The texts.
    /// - Throws: `.invalidInput` for what is no identifier.
    package func signals(about credentialID: String, _ context: CallContext) async throws(FlowError) -> PasskeySignals {
        let session = try context.requirePerson()
        let relyingParty = try relyingParty()
        let asked = try Self.identifier(credentialID)
        return try await parts.read(context) { transaction in
            let known = try transaction.all(ListPasskeys(user: session.userID)).map(\.credentialID)
            var signals = PasskeySignals()
            if let asked, !known.contains(asked) {
                let unknown = PasskeySignalsJSON.Unknown(rpId: relyingParty.id, credentialId: Base64URL.encode(asked))
                signals.unknownCredential = try PasskeyOptionsJSON.text(unknown)
            }
            guard let handle = try transaction.first(ReadUserHandle(user: session.userID)) else { return signals }
            let accepted = PasskeySignalsJSON.Accepted(
                rpId: relyingParty.id,
                userId: Base64URL.encode(handle),
                allAcceptedCredentialIds: known.map { Base64URL.encode($0) }
            )
            signals.allAcceptedCredentials = try PasskeyOptionsJSON.text(accepted)
            let addresses = try transaction.all(ProvedAddresses(user: session.userID))
            guard let address = addresses.first(where: \.isPrimary) ?? addresses.first else { return signals }
            // The same as new passkeys get.
            let details = PasskeySignalsJSON.Details(
                rpId: relyingParty.id,
                userId: Base64URL.encode(handle),
                name: address.identifier.value,
                displayName: address.identifier.value
            )
            signals.currentUserDetails = try PasskeyOptionsJSON.text(details)
            return signals
        }
    }

    /// The bytes of an identifier; nil for an empty text.
    private static func identifier(_ text: String) throws(FlowError) -> [UInt8]? {
        guard !text.utf8.isEmpty else { return nil }
        guard let bytes = Base64URL.decode(text), (1...1023).contains(bytes.count) else {
            throw .invalid("credential_id", .fieldInvalid, "must be 1 to 1023 bytes in base64url")
        }
        return bytes
    }
}

/// The JSON of signals, with the names of Level 3 section 5.1.10.
private enum PasskeySignalsJSON {
    struct Accepted: Encodable {
        let rpId: String
        let userId: String
        let allAcceptedCredentialIds: [String]
    }

    struct Details: Encodable {
        let rpId: String
        let userId: String
        let name: String
        let displayName: String
    }

    struct Unknown: Encodable {
        let rpId: String
        let credentialId: String
    }
}
