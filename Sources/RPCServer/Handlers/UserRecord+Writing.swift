internal import Cryptography
internal import Identity
internal import JSON
internal import MariaDB
internal import OneTimePasswords
internal import Wire

// The domain's records in the wire's terms, secrets sealed.

extension Wire.UserRecord {
    init(_ record: Identity.UserRecord, _ seal: SecretsSeal?) throws {
        self.init()
        id = record.id
        externalID = record.externalID
        state = Wire.UserState(record.state)
        stateReason = record.stateReason
        stateChange = record.stateChange.map(StateChangeRecord.init)
        lockedUntil = record.lockedUntil?.wire
        deleteAfter = record.deleteAfter?.wire
        restoreState = record.restoreState.map(Wire.UserState.init) ?? .unspecified
        revision = record.revision
        createTime = record.createdAt?.wire
        updateTime = record.updatedAt?.wire
        identifiers = record.identifiers.map(IdentifierRecord.init)
        profileJson = record.profile?.text ?? ""
        profileRevision = record.profileRevision
        profileUpdateTime = record.profileUpdatedAt?.wire
        roles = record.roles.map(MembershipRecord.init)
        groups = record.groups.map(MembershipRecord.init)
        userHandle = record.handle
        passkeys = record.passkeys.map(PasskeyRecord.init)
        externalLogins = record.externalLogins.map(ExternalLoginRecord.init)
        guard let seal, !record.secrets.isEmpty else { return }
        let secrets = SecretBytes(copying: UserSecrets(record.secrets).encoded())
        sealedSecrets = try seal.seal(secrets, of: record.id)
    }
}

extension StateChangeRecord {
    fileprivate init(_ change: Identity.StateChange) {
        let kind: Wire.AssignerKind =
            switch change.actor {
            case .serviceAccount: .serviceAccount
            case .user: .user
            case .server: .system
            }
        let id = change.actorID.flatMap(UserID.init(bytes:))?.description
        self.init(changeTime: change.changedAt.wire, actorKind: kind, actorID: id ?? "")
    }
}

extension IdentifierRecord {
    fileprivate init(_ name: Identity.UserRecord.Identifier) {
        self.init(
            kind: name.kind.map(Wire.IdentifierKind.init) ?? .unspecified,
            value: name.value,
            verifyTime: name.verifiedAt?.wire,
            primary: name.isPrimary,
            id: name.id,
            createTime: name.createdAt?.wire
        )
    }
}

extension MembershipRecord {
    init(_ membership: Identity.UserRecord.Membership) {
        self.init(
            name: membership.name,
            mayGrant: membership.terms.mayGrant,
            expireTime: membership.terms.expiresAt?.wire,
            assignTime: membership.assignedAt?.wire,
            assignerKind: membership.assignerKind.map(AssignerKind.init) ?? .unspecified,
            assignerID: membership.assignerID
        )
    }
}

extension PasskeyRecord {
    fileprivate init(_ passkey: Identity.UserRecord.Passkey) {
        self.init(
            credentialID: passkey.credentialID,
            publicKey: passkey.publicKey,
            relyingPartyID: passkey.relyingPartyID,
            signatureCount: passkey.signatureCount,
            userVerified: passkey.isUserVerified,
            backupEligible: passkey.isBackupEligible,
            backedUp: passkey.isBackedUp,
            aaguid: passkey.aaguid,
            transports: passkey.transports,
            name: passkey.name,
            createTime: passkey.createdAt?.wire,
            lastUseTime: passkey.lastUsedAt?.wire,
            suspectedCopyTime: passkey.suspectedCopyAt?.wire,
            handle: passkey.handle,
            id: passkey.id
        )
    }
}

extension UserSecrets {
    fileprivate init(_ secrets: Identity.UserRecord.Secrets) {
        self.init(
            password: secrets.password.map(Wire.PasswordRecord.init),
            formerPasswords: secrets.formerPasswords.map(Wire.PasswordRecord.init),
            totpDevices: secrets.totpDevices.map(TotpDeviceRecord.init),
            recoveryCodes: secrets.recoveryCodes.map { code in
                RecoveryCodeRecord(
                    record: code.record,
                    pepperKeyID: code.pepperKeyID,
                    lookup: code.lookup,
                    createTime: code.createdAt?.wire,
                    id: code.id
                )
            }
        )
    }
}

extension Wire.PasswordRecord {
    fileprivate init(_ password: Identity.UserRecord.Password) {
        self.init(
            record: password.record,
            pepperKeyID: password.pepperKeyID,
            normalization: password.normalization,
            knownShort: password.isShort,
            changeTime: password.changedAt?.wire,
            resetDemandTime: password.resetDemandedAt?.wire
        )
    }
}

extension TotpDeviceRecord {
    fileprivate init(_ device: Identity.UserRecord.Device) {
        let parameters = device.parameters ?? .standard
        self.init(
            secret: device.secret,
            name: device.name,
            hash: parameters.hash.name,
            digits: UInt32(clamping: parameters.digits),
            period: UInt32(clamping: parameters.period),
            lastStep: device.lastStep ?? 0,
            createTime: device.createdAt?.wire,
            confirmTime: device.confirmedAt?.wire,
            lastUseTime: device.lastUsedAt?.wire,
            id: device.id
        )
    }
}

extension ExternalLoginRecord {
    fileprivate init(_ login: Identity.UserRecord.ExternalLogin) {
        self.init(
            provider: login.provider,
            issuer: login.issuer,
            subject: login.subject,
            label: login.label,
            createTime: login.createdAt?.wire,
            lastUseTime: login.lastUsedAt?.wire,
            id: login.id
        )
    }
}
