import Cryptography
import MariaDB
import OpenIDConnect
import Passwords
import WebAuthn

// What lets somebody in: nothing is taken over that could not be checked at a sign-in.
extension RecordCheck {
    mutating func passkeys(_ record: UserRecord) -> [CheckedRecord.Passkey] {
        if record.passkeys.count > parts.policy.passkeys.maximumPerUser {
            add("passkeys", .fieldTooLong, "at most \(parts.policy.passkeys.maximumPerUser) passkeys")
        }
        if !record.handle.isEmpty || !record.passkeys.isEmpty, record.handle.count != Self.handleCount {
            add("user_handle", .fieldInvalid, "must have \(Self.handleCount) bytes")
        }
        return record.passkeys.enumerated().compactMap { index, record in passkey(record, "passkeys[\(index)]") }
    }

    private static let handleCount = 64

    private mutating func passkey(_ record: UserRecord.Passkey, _ field: String) -> CheckedRecord.Passkey? {
        var kept = record
        if !(1...1023).contains(record.credentialID.count) {
            add("\(field).credential_id", .fieldInvalid, "must have 1 to 1023 bytes")
        }
        if (try? CredentialPublicKey(record.publicKey)) == nil {
            add("\(field).public_key", .fieldInvalid, "must be a COSE key of an algorithm that is known")
        }
        if !(1...253).contains(record.relyingPartyID.utf8.count) {
            add("\(field).relying_party_id", .fieldInvalid, "must have 1 to 253 characters, as a domain has")
        } else if let own = parts.policy.passkeys.relyingParty?.id, own != record.relyingPartyID {
            add("\(field).relying_party_id", .fieldInvalid, "must be \(own): a passkey opens nothing elsewhere")
        }
        if !record.aaguid.isEmpty, record.aaguid.count != 16 {
            add("\(field).aaguid", .fieldInvalid, "must have 16 bytes")
        }
        if !record.handle.isEmpty, record.handle.count != Self.handleCount {
            add("\(field).handle", .fieldInvalid, "must have \(Self.handleCount) bytes")
        }
        kept.transports = AuthenticatorTransport.known(among: record.transports).map(\.rawValue)
        kept.name = name(record.name, "Passkey", "\(field).name")
        checkTime(record.createdAt, "\(field).create_time")
        checkTime(record.lastUsedAt, "\(field).last_use_time")
        checkTime(record.suspectedCopyAt, "\(field).suspected_copy_time")
        return CheckedRecord.Passkey(id: id(record.id, "\(field).id"), record: kept)
    }

    mutating func logins(_ record: UserRecord) -> [CheckedRecord.Login] {
        let most = ExternalLoginFlows.maximumPerUser
        if record.externalLogins.count > most { add("external_logins", .fieldTooLong, "at most \(most) logins") }
        return record.externalLogins.enumerated().map { index, record in login(record, "external_logins[\(index)]") }
    }

    private mutating func login(_ record: UserRecord.ExternalLogin, _ field: String) -> CheckedRecord.Login {
        var kept = record
        if !ExternalPerson.isSubject(record.subject) || record.subject == "0" {
            add("\(field).subject", .fieldInvalid, "must be 1 to 255 visible characters of ASCII, and not 0")
        }
        if record.issuer.utf8.count > 255 { add("\(field).issuer", .fieldTooLong, "at most 255 bytes") }
        kept.label = record.label.isEmpty ? record.subject : record.label.prefix(scalars: 200)
        checkTime(record.createdAt, "\(field).create_time")
        checkTime(record.lastUsedAt, "\(field).last_use_time")
        return CheckedRecord.Login(id: id(record.id, "\(field).id"), record: kept, field: field)
    }

    mutating func readSecrets(_ checked: inout CheckedRecord) {
        let secrets = checked.record.secrets
        checked.password = secrets.password.flatMap { password($0, "secrets.password") }
        if secrets.formerPasswords.count > 24 {
            add("secrets.former_passwords", .fieldTooLong, "at most 24 former passwords")
        }
        checked.formerPasswords = secrets.formerPasswords.enumerated().compactMap { index, record in
            password(record, "secrets.former_passwords[\(index)]")
        }
        if Set(checked.formerPasswords.map(\.changedAt)).count != checked.formerPasswords.count {
            add("secrets.former_passwords", .fieldInvalid, "each needs a change_time of its own")
        }
        if secrets.totpDevices.count > parts.policy.totp.maximumPerUser {
            add("secrets.totp_devices", .fieldTooLong, "at most \(parts.policy.totp.maximumPerUser) devices")
        }
        checked.devices = secrets.totpDevices.enumerated().compactMap { index, record in
            device(record, "secrets.totp_devices[\(index)]")
        }
        if secrets.recoveryCodes.count > 16 {
            add("secrets.recovery_codes", .fieldTooLong, "at most 16 recovery codes")
        }
        checked.recoveryCodes = secrets.recoveryCodes.enumerated().compactMap { index, record in
            recoveryCode(record, "secrets.recovery_codes[\(index)]")
        }
    }

    private mutating func password(_ record: UserRecord.Password, _ field: String) -> StoredPassword? {
        checkTime(record.changedAt, "\(field).change_time")
        checkTime(record.resetDemandedAt, "\(field).reset_demand_time")
        guard parts.policy.passwords.isEnabled else {
            add(field, .passwordsOff, "passwords are off")
            return nil
        }
        let known = 0...UInt32(PresentedPassword.currentVersion)
        guard known.contains(record.normalization), let normalization = UInt16(exactly: record.normalization) else {
            add("\(field).normalization", .fieldInvalid, "is not known")
            return nil
        }
        let keyID = record.pepperKeyID == 0 ? nil : record.pepperKeyID
        guard let hashed = hashed(record.record, keyID, normalization, field) else { return nil }
        return StoredPassword(
            hashed: hashed,
            isLong: !record.isShort,
            changedAt: record.changedAt ?? now,
            resetDemandedAt: record.resetDemandedAt
        )
    }

    private mutating func hashed(
        _ secret: SecretBytes,
        _ keyID: UInt32?,
        _ normalization: UInt16,
        _ field: String
    ) -> HashedPassword? {
        if let keyID, !parts.keyRing.keyIDs.contains(keyID) {
            add("\(field).pepper_key_id", .fieldInvalid, "is a key that this server does not have")
            return nil
        }
        guard let text = secret.validatedUTF8String(), let record = try? PasswordRecord(text) else {
            add("\(field).record", .passwordRecordInvalid, "a format that is not known, or not written as it says")
            return nil
        }
        guard record.isWithin(parts.policy.passwords.hashing.limits) else {
            add("\(field).record", .passwordRecordInvalid, "its costs or lengths are beyond the limits")
            return nil
        }
        return HashedPassword(record: record, pepperKeyID: keyID, normalization: normalization)
    }

    private mutating func device(_ record: UserRecord.Device, _ field: String) -> CheckedRecord.Device? {
        var kept = record
        if !(10...128).contains(record.secret.count) {
            add("\(field).secret", .fieldInvalid, "must have 10 to 128 bytes")
        }
        if record.parameters == nil {
            add(field, .fieldInvalid, "takes SHA1, SHA256 or SHA512, 6 to 8 digits and a period of 15 to 120 seconds")
        }
        if let step = record.lastStep, step < 0 { add("\(field).last_step", .fieldInvalid, "must not be negative") }
        kept.name = name(record.name, "Authenticator app", "\(field).name")
        checkTime(record.createdAt, "\(field).create_time")
        checkTime(record.confirmedAt, "\(field).confirm_time")
        checkTime(record.lastUsedAt, "\(field).last_use_time")
        return CheckedRecord.Device(id: id(record.id, "\(field).id"), record: kept)
    }

    private mutating func recoveryCode(
        _ record: UserRecord.RecoveryCode,
        _ field: String
    ) -> CheckedRecord.RecoveryCode? {
        checkTime(record.createdAt, "\(field).create_time")
        guard let lookup = UInt16(exactly: record.lookup) else {
            add("\(field).lookup", .fieldInvalid, "must be at most 65535")
            return nil
        }
        guard let hashed = hashed(record.record, record.pepperKeyID, Identity.RecoveryCode.normalization, field) else {
            return nil
        }
        return CheckedRecord.RecoveryCode(
            id: id(record.id, "\(field).id"),
            lookup: lookup,
            hashed: hashed,
            createdAt: record.createdAt
        )
    }

    private mutating func name(_ text: String, _ usual: String, _ field: String) -> String {
        if text.isEmpty { return usual }
        return take(field) { () throws(FlowError) in try AuthenticatorName.checked(text) } ?? usual
    }
}
