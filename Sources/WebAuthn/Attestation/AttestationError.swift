/// Why an attestation statement does not hold (Level 3 section 8); says nothing of its bytes.
package enum AttestationError: Error, Sendable, Hashable {
    /// No format of ours, and the policy refuses such.
    case unknownFormat
    /// A part of a compound statement is of the format none.
    case nothingAttested
    /// A member is missing, of a wrong type, or one too many.
    case malformedStatement
    /// The algorithm is unknown or not the one it must be.
    case wrongAlgorithm
    /// No certificate, too many, or one that cannot be read.
    case malformedCertificates
    /// The attesting certificate is not made as its format demands.
    case wrongCertificate
    /// The certificate is for another model of authenticator.
    case wrongModel
    /// The attested key is not the credential's.
    case wrongKey
    case wrongSignature
    /// The statement is bound to another ceremony.
    case wrongBinding
    /// A structure within the statement (DER or TPM) cannot be read.
    case malformedStructure
    /// An Android key that is not its application's alone, was not generated, or may not sign.
    case wrongAuthorization
}
