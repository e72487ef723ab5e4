/// What the browser says about a ceremony: CollectedClientData (Level 3 section 5.8.1).
///
/// Signatures go over the hash of the bytes as they came, never over what is read out of them.
package struct ClientData: Sendable, Hashable {
    /// `webauthn.create` or `webauthn.get`, or anything else.
    package let type: [UInt8]
    /// The letters of the challenge, undecoded: its one canonical spelling is what counts.
    package let challenge: [UInt8]
    package let origin: [UInt8]
    /// Whether the page was framed by another origin; false when the client does not say.
    package let isCrossOrigin: Bool
    /// The origin of the page on top, when the client tells.
    package let topOrigin: [UInt8]?

    /// The longest client data that is read, in bytes (SECURITY WA-28).
    package static let limit = 4096
    private static let depth = 8
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Reads the JSON object, with a byte order mark before it dropped and members unknown to us tolerated.
    ///
    /// - Parameter bytes: The JSON text as the client sent it.
    /// - Throws: `ClientDataError`.
    package init(_ bytes: [UInt8]) throws(ClientDataError) {
        guard bytes.count <= Self.limit else { throw .tooLarge }
        guard String(validating: bytes, as: UTF8.self) != nil else { throw .notUTF8 }
        let text = bytes.starts(with: Self.byteOrderMark) ? Array(bytes.dropFirst(3)) : bytes
        let members = try JSONObjectParser.parse(text, depth: Self.depth)
        type = try Self.required("type", of: members)
        challenge = try Self.required("challenge", of: members)
        origin = try Self.required("origin", of: members)
        isCrossOrigin = try Self.flag("crossOrigin", of: members)
        topOrigin = try Self.text("topOrigin", of: members)
    }

    private static func required(
        _ name: StaticString,
        of members: [[UInt8]: JSONValue]
    ) throws(ClientDataError) -> [UInt8] {
        guard let text = try text(name, of: members) else { throw .missingMember }
        return text
    }

    private static func text(
        _ name: StaticString,
        of members: [[UInt8]: JSONValue]
    ) throws(ClientDataError) -> [UInt8]? {
        switch members[Array(name.description.utf8)] {
        case nil: nil
        case .string(let text): text
        case .boolean, .array, .other: throw .wrongMemberType
        }
    }

    private static func flag(
        _ name: StaticString,
        of members: [[UInt8]: JSONValue]
    ) throws(ClientDataError) -> Bool {
        switch members[Array(name.description.utf8)] {
        case nil: false
        case .boolean(let value): value
        case .string, .array, .other: throw .wrongMemberType
        }
    }
}
