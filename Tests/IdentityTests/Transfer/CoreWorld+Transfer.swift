import Cryptography
import JSON
import MariaDB
import Testing
import WebAuthn

@testable import Identity

/// A record with an e-mail address, and what `change` adds.
func userRecord(_ email: String, _ change: (inout UserRecord) -> Void = { _ in }) -> UserRecord {
    var record = UserRecord()
    record.identifiers = [.init(kind: .email, value: email)]
    change(&record)
    return record
}

extension UserRecord {
    /// A hash of the word that bcrypt's examples are of.
    static let bcrypt = "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"

    /// A user with everything that a record can have.
    static func whole(_ number: Int) throws -> UserRecord {
        let time = Timestamp(microsecondsSinceEpoch: 1_600_000_000_123_456 + Int64(number))
        var record = UserRecord()
        record.externalID = "old-\(number)"
        record.state = number % 3 == 0 ? .disabled : .active
        record.stateReason = number % 3 == 0 ? "left" : ""
        record.stateChange = .init(actor: .user, actorID: [UInt8](repeating: 9, count: 16), changedAt: time)
        (record.revision, record.createdAt, record.updatedAt) = (7, time, time + .seconds(5))
        record.identifiers = [
            .init(kind: .email, value: "Ada\(number)@Example.com", verifiedAt: time, createdAt: time),
            .init(kind: .email, value: "second\(number)@example.com", isPrimary: true),
            .init(kind: .username, value: "ada\(number)"),
        ]
        record.profile = try JSONParser.parse(Array(#"{"badge":"B\#(number)","town":"Zürich"}"#.utf8))
        (record.profileRevision, record.profileUpdatedAt) = (4, time)
        record.roles = [.init(name: "clerk", terms: .init(mayGrant: true), assignedAt: time, assignerKind: .system)]
        record.groups = [.init(name: "Staff", assignedAt: time, assignerKind: .user, assignerID: UserID.sample)]
        record.handle = [UInt8](repeating: UInt8(number), count: 64)
        var passkey = UserRecord.Passkey()
        (passkey.credentialID, passkey.publicKey) = ([1, 2, UInt8(number)], try CredentialPublicKey.sample)
        (passkey.relyingPartyID, passkey.signatureCount) = ("example.org", 12)
        (passkey.isUserVerified, passkey.transports, passkey.name) = (true, ["usb", "internal"], "Key")
        (passkey.createdAt, passkey.lastUsedAt) = (time, time)
        record.passkeys = [passkey]
        var login = UserRecord.ExternalLogin()
        (login.provider, login.subject, login.label) = ("example", "ada-\(number)", "ada@work.example")
        (login.createdAt, login.lastUsedAt) = (time, time)
        record.externalLogins = [login]
        record.secrets.password = .init(record: SecretBytes(copying: Array(bcrypt.utf8)))
        record.secrets.password?.changedAt = time
        record.secrets.formerPasswords = [.init(record: SecretBytes(copying: Array(bcrypt.utf8)))]
        record.secrets.formerPasswords[0].changedAt = time - .seconds(60)
        record.secrets.totpDevices = [.init(secret: SecretBytes(copying: [UInt8](repeating: 5, count: 20)))]
        record.secrets.totpDevices[0].lastStep = 77
        let codeHash = PasswordHashSample.argon2id
        record.secrets.recoveryCodes = [.init(record: SecretBytes(copying: codeHash), pepperKeyID: 1, lookup: 65_535)]
        return record
    }
}

enum PasswordHashSample {
    /// Of 8 KiB, one pass.
    static let argon2id = Array(
        "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8".utf8
    )
}

extension UserID {
    static let sample = "01890000-0000-7000-8000-000000000001"
}

extension CredentialPublicKey {
    /// The base point of P-256 as a COSE_Key for ES256.
    static var sample: [UInt8] {
        get throws {
            let x = "6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296"
            let y = "4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5"
            return try #require(Hex.decode("A5010203262001215820" + x + "225820" + y))
        }
    }
}

extension IdentityPolicy {
    /// Takes everything that a record can have.
    mutating func takeImports() {
        do { try takePasswords() } catch { Issue.record("\(error)") }
        passkeys.relyingParty = RelyingParty(id: "example.org", origins: ["https://example.org"])
    }
}

extension CoreWorld {
    /// Imports records, numbered from 1.
    func load(
        _ records: [UserRecord],
        _ options: ImportOptions = ImportOptions(),
        _ context: CallContext? = nil
    ) async throws -> [ImportResult] {
        let run = try core.imports.begin(options, context ?? caller(["*"]))
        return try await run.write(rows(records), context ?? caller(["*"]))
    }

    func rows(_ records: [UserRecord]) -> [ImportRow] {
        records.enumerated().map { index, record in
            let digest = SHA256.digest(of: Array("\(record)".utf8))
            return ImportRow(number: UInt64(index + 1), record: record, digest: digest)
        }
    }

    /// What `record` of the whole kind needs to be there.
    func prepareForWhole() async throws {
        try await put(
            try attribute("badge", .string) { $0.isUnique = true },
            try attribute("town", .string) { $0.isQueryable = true }
        )
        _ = try await core.roles.create(name: "Clerk", description: "", demand: .nothing, system)
        _ = try await core.groups.create(name: "staff", description: "", demand: .nothing, system)
        _ = try await ProviderWorld.make("example", self)
    }

    /// All rows of the tables that hold users, as text, but for ciphertexts, which differ each time.
    func everything() async throws -> [String: [String]] {
        let tables = [
            "users", "user_identifiers", "profiles", "profile_index", "profile_unique_values", "passwords",
            "former_passwords", "totp_devices", "user_handles", "passkeys", "recovery_codes", "external_logins",
            "user_roles", "group_members",
        ]
        var found: [String: [String]] = [:]
        for table in tables {
            let columns = try await texts(
                """
                SELECT CONCAT('IFNULL(HEX(', column_name, '), ''-'')') FROM information_schema.columns
                WHERE table_schema = DATABASE() AND table_name = '\(table)'
                    AND NOT (table_name = 'totp_devices' AND column_name = 'secret') ORDER BY ordinal_position
                """
            )
            let line = "CONCAT_WS('|', \(columns.joined(separator: ", ")))"
            found[table] = try await texts("SELECT \(line) AS line FROM \(table) ORDER BY line")
        }
        return found
    }

    func texts(_ sql: String) async throws -> [String] {
        try await database.read(deadline: .after(.seconds(600))) { try $0.all(TextQuestion(text: sql)) }
    }
}

private struct TextQuestion: Statement {
    let text: String
    static var sql: SQL { "SELECT ''" }
    var preparedSQL: SQL { SQL(unsafeSQL: text) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> String { try columns.next() }
}
