/// The object a registration carries (Level 3 section 6.5): a format's name, its statement, and what was signed.
struct AttestationObject: Sendable {
    /// The longest that is read, in bytes.
    static let limit = 65536
    /// The object, the list of a compound statement's parts, a part, its statement, and a list in it.
    private static let depth = 5

    /// The format's name, case-sensitive, 1 to 32 bytes.
    let format: [UInt8]
    /// The statement, or the parts of a compound one.
    let statements: [Part]
    let authenticatorData: AuthenticatorData

    /// Reads the object (section 7.1 step 13).
    init(_ bytes: [UInt8]) throws(WebAuthnError) {
        guard bytes.count <= Self.limit else { throw .tooLarge }
        guard let map = try Self.decode(bytes).entries, map.hasExactly("fmt", "attStmt", "authData"),
            let format = map["fmt"]?.textBytes, let statement = map["attStmt"],
            let data = map["authData"]?.byteString
        else { throw .attestationObjectMembers }
        // Section 8.1: a format's identifier has at most 32 octets.
        guard (1...32).contains(format.count) else { throw .attestation(.unknownFormat) }
        self.format = format
        statements = try Self.parts(statement, format)
        authenticatorData = try Self.read(data)
    }

    private static func parts(_ statement: CBORValue, _ format: [UInt8]) throws(WebAuthnError) -> [Part] {
        if AttestationFormat(name: format) == .compound { return try Part.parts(of: statement) }
        guard let members = statement.entries else { throw .attestationObjectMembers }
        return [Part(format: format, members: members)]
    }

    private static func decode(_ bytes: [UInt8]) throws(WebAuthnError) -> CBORValue {
        do {
            return try CBORDecoder.decode(bytes, depth: depth, limit: limit)
        } catch {
            throw .attestationObject(error)
        }
    }

    private static func read(_ bytes: [UInt8]) throws(WebAuthnError) -> AuthenticatorData {
        do {
            return try AuthenticatorData(bytes)
        } catch {
            throw .authenticatorData(error)
        }
    }
}
