internal import Cryptography
internal import Identity
internal import JSON
internal import MariaDB
internal import OneTimePasswords
internal import Wire

/// Reads records of an import into the domain's terms, opening what was sealed.
struct UserRecordReading: Sendable {
    private let seal: SecretsSeal?

    init(_ options: Wire.ImportOptions) throws(FlowError) {
        seal = options.secretsKey.count > 0 ? try SecretsSeal(key: options.secretsKey) : nil
    }

    func row(_ row: Wire.ImportRow) -> Identity.ImportRow {
        if row.user == nil, let directory = row.directory {
            return Identity.ImportRow(number: row.number, directory)
        }
        let wire = row.user ?? Wire.UserRecord()
        var record = Identity.UserRecord(wire)
        var problems: [FlowError.FieldProblem] = []
        if !wire.profileJson.isEmpty {
            record.profile = try? JSONParser.parse(Array(wire.profileJson.utf8))
            if record.profile == nil { problems.append(Self.problem("profile_json", "must be JSON")) }
        }
        var secrets = wire.secrets
        if !wire.sealedSecrets.isEmpty {
            secrets = opened(wire)
            if seal == nil {
                problems.append(Self.problem("sealed_secrets", "needs the key that the export was made with"))
            } else if secrets == nil {
                let description = "was altered, or sealed under another key or for another user"
                problems.append(Self.problem("sealed_secrets", description))
            }
        }
        record.secrets = secrets.map(Identity.UserRecord.Secrets.init) ?? .init()
        let digest = SHA256.digest(of: wire.encoded())
        return Identity.ImportRow(number: row.number, record: record, digest: digest, problems: problems)
    }

    private func opened(_ wire: Wire.UserRecord) -> Wire.UserSecrets? {
        guard let opened = seal?.open(wire.sealedSecrets, of: wire.id) else { return nil }
        return opened.withBytes { try? UserSecrets.decode(Array($0), limits: DecodingLimits(maximumBytes: 200_000)) }
    }

    private static func problem(_ field: String, _ description: String) -> FlowError.FieldProblem {
        .init(field: field, reason: .fieldInvalid, description: description)
    }
}

extension WireTimestamp {
    /// What the domain counts in.
    var domain: Timestamp { Timestamp(microsecondsSinceEpoch: microsecondsSinceEpoch) }
}

extension Identity.UserRecord {
    /// Everything but the profile and the secrets.
    fileprivate init(_ wire: Wire.UserRecord) {
        self.init()
        id = wire.id
        externalID = wire.externalID
        state = wire.state.domain ?? .active
        stateReason = wire.stateReason
        stateChange = wire.stateChange.flatMap(Identity.StateChange.init)
        lockedUntil = wire.lockedUntil?.domain
        deleteAfter = wire.deleteAfter?.domain
        restoreState = wire.restoreState.domain
        revision = wire.revision
        createdAt = wire.createTime?.domain
        updatedAt = wire.updateTime?.domain
        identifiers = wire.identifiers.map { name in
            var identifier = Identifier(
                kind: name.kind.domain,
                value: name.value,
                verifiedAt: name.verifyTime?.domain,
                isPrimary: name.primary,
                id: name.id,
                createdAt: name.createTime?.domain
            )
            identifier.isVerified = name.verified
            return identifier
        }
        profileRevision = wire.profileRevision
        profileUpdatedAt = wire.profileUpdateTime?.domain
        roles = wire.roles.map(Membership.init)
        groups = wire.groups.map(Membership.init)
        handle = wire.userHandle
        passkeys = wire.passkeys.map(Passkey.init)
        externalLogins = wire.externalLogins.map(ExternalLogin.init)
    }
}

extension Identity.StateChange {
    /// Nil without a time, or with an id that is none.
    fileprivate init?(_ wire: StateChangeRecord) {
        guard let time = wire.changeTime?.domain else { return nil }
        let actor: Actor =
            switch wire.actorKind {
            case .serviceAccount: .serviceAccount
            case .user: .user
            case .system, .unspecified: .server
            }
        self.init(actor: actor, actorID: UserID(text: wire.actorID)?.bytes, changedAt: time)
    }
}

extension Identity.UserRecord.Membership {
    init(_ wire: MembershipRecord) {
        let kind: Assigner.Kind? =
            switch wire.assignerKind {
            case .serviceAccount: .serviceAccount
            case .user: .user
            case .system: .system
            case .unspecified: nil
            }
        self.init(
            name: wire.name,
            terms: AssignmentTerms(mayGrant: wire.mayGrant, expiresAt: wire.expireTime?.domain),
            assignedAt: wire.assignTime?.domain,
            assignerKind: kind,
            assignerID: wire.assignerID
        )
    }
}

extension Identity.UserRecord.Passkey {
    fileprivate init(_ wire: PasskeyRecord) {
        self.init()
        id = wire.id
        credentialID = wire.credentialID
        publicKey = wire.publicKey
        relyingPartyID = wire.relyingPartyID
        signatureCount = wire.signatureCount
        isUserVerified = wire.userVerified
        isBackupEligible = wire.backupEligible
        isBackedUp = wire.backedUp
        aaguid = wire.aaguid
        transports = wire.transports
        name = wire.name
        createdAt = wire.createTime?.domain
        lastUsedAt = wire.lastUseTime?.domain
        suspectedCopyAt = wire.suspectedCopyTime?.domain
        handle = wire.handle
    }
}

extension Identity.UserRecord.Secrets {
    fileprivate init(_ wire: UserSecrets) {
        self.init()
        password = wire.password.map(Identity.UserRecord.Password.init)
        formerPasswords = wire.formerPasswords.map(Identity.UserRecord.Password.init)
        totpDevices = wire.totpDevices.map(Identity.UserRecord.Device.init)
        recoveryCodes = wire.recoveryCodes.map { code in
            var record = Identity.UserRecord.RecoveryCode(
                record: code.record,
                pepperKeyID: code.pepperKeyID,
                lookup: code.lookup
            )
            record.id = code.id
            record.createdAt = code.createTime?.domain
            return record
        }
    }
}

extension Identity.UserRecord.Password {
    fileprivate init(_ wire: Wire.PasswordRecord) {
        self.init(record: wire.record)
        pepperKeyID = wire.pepperKeyID
        normalization = wire.normalization
        isShort = wire.knownShort
        changedAt = wire.changeTime?.domain
        resetDemandedAt = wire.resetDemandTime?.domain
    }
}

extension Identity.UserRecord.Device {
    fileprivate init(_ wire: TotpDeviceRecord) {
        self.init(secret: wire.secret)
        id = wire.id
        name = wire.name
        let hash = wire.hash.isEmpty ? .sha1 : OneTimePasswordHash.allCases.first { $0.name == wire.hash }
        let (digits, period) = (Int(wire.digits), Int64(wire.period))
        parameters = hash.flatMap {
            TOTP.Parameters(hash: $0, digits: digits == 0 ? 6 : digits, period: period == 0 ? 30 : period)
        }
        lastStep = wire.lastStep == 0 ? nil : wire.lastStep
        createdAt = wire.createTime?.domain
        confirmedAt = wire.confirmTime?.domain
        lastUsedAt = wire.lastUseTime?.domain
    }
}

extension Identity.UserRecord.ExternalLogin {
    fileprivate init(_ wire: ExternalLoginRecord) {
        self.init()
        id = wire.id
        provider = wire.provider
        issuer = wire.issuer
        subject = wire.subject
        label = wire.label
        createdAt = wire.createTime?.domain
        lastUsedAt = wire.lastUseTime?.domain
    }
}
