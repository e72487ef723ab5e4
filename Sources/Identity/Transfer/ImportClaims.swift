import Synchronization

/// What the rows of a dry run claimed, which are not there for later ones to clash with.
final class ImportMemory: Sendable {
    private let claims = Mutex<ImportClaims>(ImportClaims())
    private let schemas = Mutex<ProfileSchema?>(nil)

    /// The schema that a dry run would have made.
    var schema: ProfileSchema? {
        get { schemas.withLock(\.self) }
        set { schemas.withLock { $0 = newValue } }
    }

    func knows(_ claim: ImportClaims.Claim) -> Bool { clash(of: [claim]) != nil }

    func clash(of claims: [ImportClaims.Claim]) -> ImportClaims.Claim? {
        self.claims.withLock { $0.clash(of: claims) }
    }

    func add(_ claims: ImportClaims) { self.claims.withLock { $0.add(claims) } }
}

/// What rows of an import have for themselves alone: ids, names and unique values.
///
/// Kept as hashes with the process's random seed, 8 bytes each, so that a dry run of a million rows stays small; that two
/// different things have the same one happens in fewer than one of a million such runs.
struct ImportClaims: Sendable {
    enum Claim: Hashable {
        case user(UserID)
        case externalID(ExternalID)
        case name(LoginKey)
        case value(attribute: UInt32, hash: [UInt8])
        case handle([UInt8])
        case credential([UInt8])
        case login(provider: String, issuer: String, subject: String)
        /// By their canonical names.
        case role([UInt8])
        case group([UInt8])

        /// Path of the field it stands in.
        var field: String {
            switch self {
            case .user: "id"
            case .externalID: "external_id"
            case .name: "identifiers"
            case .value: "profile"
            case .handle: "user_handle"
            case .credential: "passkeys"
            case .login: "external_logins"
            case .role, .group: "name"
            }
        }
    }

    private var hashes: Set<Int> = []

    /// The first of these that is claimed.
    func clash(of claims: [Claim]) -> Claim? { claims.first { hashes.contains($0.hashValue) } }

    mutating func add(_ claims: [Claim]) { hashes.formUnion(claims.map(\.hashValue)) }

    mutating func add(_ claims: ImportClaims) { hashes.formUnion(claims.hashes) }
}

extension CheckedRecord {
    /// What no other user may have.
    var claims: [ImportClaims.Claim] {
        var claims: [ImportClaims.Claim] = names.map { .name(LoginKey($0.name)) }
        if let id { claims.append(.user(id)) }
        if let externalID { claims.append(.externalID(externalID)) }
        claims += (entries?.claims ?? []).map { .value(attribute: $0.attribute, hash: $0.valueHash) }
        if !record.handle.isEmpty { claims.append(.handle(record.handle)) }
        claims += passkeys.map { .credential($0.record.credentialID) }
        claims += logins.map { login in
            let record = login.record
            return .login(provider: record.provider, issuer: record.issuer, subject: record.subject)
        }
        return claims
    }
}
