/// Why some bytes are not client data; says nothing of the bytes.
package enum ClientDataError: Error, Sendable, Hashable {
    /// Longer than 4 KiB.
    case tooLarge
    case notUTF8
    /// Not one JSON object by RFC 8259.
    case malformed
    /// Nested deeper than any client nests.
    case tooDeep
    /// A member is there twice, in whatever spelling.
    case duplicateMember
    /// `type`, `challenge` or `origin` is missing.
    case missingMember
    /// A member has a value of another type than the standard's.
    case wrongMemberType
}
