/// Why a file is not the metadata we take; says nothing of its bytes.
package enum MetadataError: Error, Sendable, Hashable {
    /// Longer than 32 MiB.
    case tooLarge
    /// Not three parts in canonical base64url.
    case malformedToken
    /// The header is not one JSON object without duplicates, lacks a member, or demands what we do not know.
    case malformedHeader
    /// Neither ES256 nor RS256.
    case algorithmNotAllowed
    /// No certificate, too many, or one that cannot be read.
    case malformedCertificates
    /// The signing certificate is another host's.
    case wrongHost
    /// No path leads from the signing certificate to an anchor.
    case notTrusted
    case wrongSignature
    /// Rightly signed, and not the document it should be.
    case malformedPayload
    /// The serial number is below that of metadata seen before.
    case rolledBack
    /// Two entries are for one model.
    case duplicateEntry
}
