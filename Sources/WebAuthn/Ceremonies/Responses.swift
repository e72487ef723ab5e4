/// The identity every response carries (Level 3 section 5.1), not yet checked.
package struct CredentialEnvelope: Sendable, Hashable {
    /// The identifier in base64url.
    package let id: String
    /// The identifier's bytes.
    package let rawID: [UInt8]
    /// `public-key`.
    package let type: String

    package init(id: String, rawID: [UInt8], type: String) {
        self.id = id
        self.rawID = rawID
        self.type = type
    }
}

/// What the browser sends to finish a registration (Level 3 section 5.2.1).
package struct RegistrationResponse: Sendable, Hashable {
    package let envelope: CredentialEnvelope
    package let clientDataJSON: [UInt8]
    package let attestationObject: [UInt8]
    /// How the authenticator can be reached, as the browser says; unknown ones are dropped.
    package let transports: [String]

    package init(
        envelope: CredentialEnvelope,
        clientDataJSON: [UInt8],
        attestationObject: [UInt8],
        transports: [String] = []
    ) {
        self.envelope = envelope
        self.clientDataJSON = clientDataJSON
        self.attestationObject = attestationObject
        self.transports = transports
    }
}

/// What the browser sends to finish an authentication (Level 3 section 5.2.2).
package struct AuthenticationResponse: Sendable, Hashable {
    package let envelope: CredentialEnvelope
    package let clientDataJSON: [UInt8]
    package let authenticatorData: [UInt8]
    package let signature: [UInt8]
    package let userHandle: [UInt8]?

    package init(
        envelope: CredentialEnvelope,
        clientDataJSON: [UInt8],
        authenticatorData: [UInt8],
        signature: [UInt8],
        userHandle: [UInt8]?
    ) {
        self.envelope = envelope
        self.clientDataJSON = clientDataJSON
        self.authenticatorData = authenticatorData
        self.signature = signature
        self.userHandle = userHandle
    }
}
