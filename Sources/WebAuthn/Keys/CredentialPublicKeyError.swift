/// Why some bytes are no public key of a credential; says nothing of the bytes.
package enum CredentialPublicKeyError: Error, Sendable, Hashable {
    /// Not canonical CBOR.
    case malformed(CBORError)
    /// Not a map.
    case notAMap
    /// An algorithm we do not verify, or none.
    case unknownAlgorithm
    /// The key type is not the algorithm's.
    case wrongKeyType
    /// The curve is not the algorithm's.
    case wrongCurve
    /// A label is missing, there is one too many (a private key's, too), or a value has the wrong type.
    case wrongLabels
    /// The numbers are no key: a point off the curve, a size out of bounds.
    case notAKey
}
