/// The step of a ceremony that failed.
///
/// Holds no value of the response, so it may be logged. It is not for strangers: they learn that it failed and no more
/// (SECURITY WA-26). Step numbers are of Level 3 sections 7.1 (R) and 7.2 (A).
package enum WebAuthnError: Error, Sendable, Hashable {
    /// A part is larger than any honest one; checked before anything is read.
    case tooLarge
    /// `id`, `rawId`, and where it says so the signed identifier, are not one; or the type is not `public-key` (R3, A3).
    case wrongEnvelope
    /// R5-R6, A8-A9.
    case clientData(ClientDataError)
    /// R7, A10.
    case wrongType
    /// R8, A11.
    case wrongChallenge
    /// R9, A12.
    case wrongOrigin
    /// R10, A13.
    case crossOrigin
    /// R11, A14.
    case wrongTopOrigin
    /// R13: the attestation object is not canonical CBOR.
    case attestationObject(CBORError)
    /// R13: the attestation object has not exactly its three members, or of wrong types.
    case attestationObjectMembers
    /// R13.
    case authenticatorData(AuthenticatorDataError)
    /// R14, A15.
    case wrongRelyingParty
    /// R15, A16.
    case userNotPresent
    /// R16, A17.
    case userNotVerified
    /// R17, A18: backed up, and not eligible for it.
    case impossibleBackup
    /// R18: the policy wants keys that stay on their device.
    case backupRefused
    /// R13: no credential is in the authenticator data.
    case noAttestedCredential
    /// R20: the algorithm was not offered.
    case algorithmNotOffered
    /// R21-R22.
    case attestation(AttestationError)
    /// R23-R24: the statement holds, and the policy refuses it.
    case attestationRefused(AttestationPolicy.Refusal)
    /// A5: not among the credentials that were offered.
    case credentialNotOffered
    /// A6: the credential is another's, or the user handle is missing or another's.
    case wrongUser
    /// A19: BE is not what it was at the registration.
    case backupEligibilityChanged
    /// A21.
    case wrongSignature
}
