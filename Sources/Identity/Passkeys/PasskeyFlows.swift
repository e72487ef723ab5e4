import Cryptography
import MariaDB
import WebAuthn

/// Registering, naming and removing passkeys.
package struct PasskeyFlows: Sendable {
    let parts: CoreParts
    private let challenges: PasskeyChallenges

    init(parts: CoreParts) {
        self.parts = parts
        challenges = PasskeyChallenges(random: parts.random)
    }

    /// The passkeys of a user, oldest first; needs `users.read` of another's.
    package func list(_ user: UserID, _ context: CallContext) async throws(FlowError) -> [Passkey] {
        try context.requireAccess(to: user, .usersRead)
        return try await parts.read(context) { try $0.all(ListPasskeys(user: user)).map(\.passkey) }
    }

    /// Options for registering a passkey of the person who is signed in.
    ///
    /// Only after a fresh proof by one's strongest factor, and with an address that was proved (SECURITY WO-09, TOTP-09).
    package func beginRegistration(_ context: CallContext) async throws(FlowError) -> PasskeyOptions {
        let session = try context.requirePerson(repairing: true)
        let relyingParty = try relyingParty()
        let (parts, challenges) = (parts, challenges)
        let now = parts.clock.now()
        let expiresAt = now + parts.policy.passkeys.challengeLifetime
        return try await parts.transaction(context) { transaction in
            try parts.requireStrongestProof(context, repairing: true, transaction)
            let addresses = try transaction.all(ProvedAddresses(user: session.userID))
            guard let address = addresses.first(where: \.isPrimary) ?? addresses.first else {
                throw FlowError.provedAddressNeeded
            }
            let known = try transaction.all(ListPasskeys(user: session.userID))
            guard known.count < parts.policy.passkeys.maximumPerUser else { throw FlowError.tooManyAuthenticators }
            let options = PasskeyOptionsJSON.Creation(
                rp: .init(id: relyingParty.id, name: parts.policy.passkeys.relyingPartyName),
                user: .init(
                    id: Base64URL.encode(try Self.handle(of: session.userID, parts, transaction)),
                    name: address.identifier.value,
                    displayName: address.identifier.value
                ),
                challenge: Base64URL.encode(
                    try challenges.make(.registration, owner: session.id.bytes, expiresAt: expiresAt, transaction)
                ),
                pubKeyCredParams: parts.policy.passkeys.algorithms.map { .init(alg: $0.rawValue) },
                timeout: parts.policy.passkeys.challengeLifetime.components.seconds * 1000,
                excludeCredentials: known.map(PasskeyOptionsJSON.CredentialDescriptor.init),
                authenticatorSelection: .init(userVerification: parts.policy.passkeys.userVerification.rawValue),
                attestation: parts.policy.passkeys.attestationConveyance.rawValue
            )
            return PasskeyOptions(json: try PasskeyOptionsJSON.text(options), expiresAt: expiresAt)
        }
    }

    /// What a registration came to; a value, so that its challenge stays used up.
    private enum Registration: Sendable {
        case registered(Passkey)
        case refused(FlowError)
    }

    /// Registers the passkey that a browser made for the options of this very session (SECURITY WR-29).
    ///
    /// Throws `enrolment_refused` for whatever is wrong with the response, in one wording; `.alreadyExists` when any user
    /// has the passkey (WR-26).
    package func finishRegistration(
        _ json: [UInt8],
        name: String,
        _ context: CallContext
    ) async throws(FlowError) -> Passkey {
        let session = try context.requirePerson(repairing: true)
        let relyingParty = try relyingParty()
        let name = try AuthenticatorName.checked(name)
        let (parts, challenges) = (parts, challenges)
        let now = parts.clock.now()
        let id: PasskeyID = parts.makeID()
        let outcome = try await parts.transaction(context) { transaction -> Registration in
            let challenge = try challenges.take(.registration, owner: session.id.bytes, at: now, transaction)
            // Before anything is read, so that nothing of the person's changes after it is.
            let user = try UserStore(parts: parts).lock(session.userID, at: now, transaction)
            guard let challenge, let response = PasskeyResponseJSON.registration(json),
                let handle = try transaction.first(ReadUserHandle(user: session.userID))
            else { return .refused(.enrolmentRefused) }
            let expectation = RegistrationExpectation(
                relyingParty: relyingParty,
                challenge: challenge,
                userHandle: handle,
                userVerification: parts.policy.passkeys.userVerification,
                algorithms: parts.policy.passkeys.algorithms,
                allowsBackup: parts.policy.passkeys.allowsSynchronised,
                attestation: parts.policy.passkeys.attestation(at: now)
            )
            guard let credential = try? RegistrationCeremony.verify(response, against: expectation) else {
                return .refused(.enrolmentRefused)
            }
            // As a value, or the challenge would be back for another attempt (SECURITY WO-02).
            do {
                try parts.requireStrongestProof(context, repairing: true, transaction)
            } catch let refusal as FlowError {
                return .refused(refusal)
            }
            guard user?.state == .active else { return .refused(.userStateUnsuitable) }
            let known = try transaction.all(ListPasskeys(user: session.userID))
            guard known.count < parts.policy.passkeys.maximumPerUser else { return .refused(.tooManyAuthenticators) }
            let insert = InsertPasskey(id: id, user: session.userID, credential: credential, name: name, now: now)
            guard try transaction.insertIfNew(insert, index: "passkeys_credential_id") else {
                return .refused(.passkeyTaken)
            }
            let change = AuthenticatorChange(.passkeyAdded, .authenticatorAdded, user: session.userID, id: id.bytes)
            try change.write(parts, context, at: now, transaction)
            guard let row = try transaction.first(LockPasskey(passkey: id)) else { return .refused(.enrolmentRefused) }
            return .registered(row.passkey)
        }
        switch outcome {
        case .registered(let passkey): return passkey
        case .refused(let refusal):
            try await parts.recordStepUp(refusal, context)
            throw refusal
        }
    }

    /// Gives a passkey of one's own another name.
    package func rename(_ id: PasskeyID, to name: String, _ context: CallContext) async throws(FlowError) {
        let session = try context.requirePerson()
        let name = try AuthenticatorName.checked(name)
        let audit = AuditStore(parts: parts)
        try await parts.transaction(context) { transaction in
            guard let row = try transaction.first(LockPasskey(passkey: id)), row.passkey.userID == session.userID else {
                throw FlowError.notFound
            }
            try transaction.execute(RenamePasskey(passkey: id, name: name))
            let event = AuditEvent(.authenticatorRenamed, subjectUser: session.userID, subjectID: id.bytes)
            try audit.append(event, context, transaction)
        }
    }

    /// Removes a passkey: one's own after a fresh proof by one's strongest factor, or, with `users.write`, that of a
    /// person who lost it.
    ///
    /// Throws `last_way_in` when its owner has no other, unless an administrator insists.
    package func remove(
        _ id: PasskeyID,
        of user: UserID,
        evenIfLastWayIn insists: Bool = false,
        _ context: CallContext
    ) async throws(FlowError) {
        try context.requireAccess(to: user, .usersWrite)
        let parts = parts
        let now = parts.clock.now()
        try await parts.transaction(context) { transaction in
            _ = try UserStore(parts: parts).lock(user, for: context, at: now, transaction)
            try parts.requireStrongestProof(context, transaction)
            guard let row = try transaction.first(LockPasskey(passkey: id)), row.passkey.userID == user else {
                throw FlowError.notFound
            }
            try parts.requireAnotherWayIn(
                than: .passkey,
                of: user,
                orAdministratorInsists: insists,
                context,
                transaction
            )
            let before = try parts.enrolment(of: user, transaction)
            try transaction.execute(DeletePasskey(passkey: id))
            try parts.requireDemandWithinReach(of: user, before: before, context, transaction)
            let change = AuthenticatorChange(.passkeyRemoved, .authenticatorRemoved, user: user, id: id.bytes)
            try change.write(parts, context, at: now, transaction)
        }
    }

    func relyingParty() throws(FlowError) -> RelyingParty {
        guard let relyingParty = parts.policy.passkeys.relyingParty else { throw .passkeysOff }
        return relyingParty
    }

    /// The handle of a user, made with the first passkey: 64 random bytes that tell nobody who it is (SECURITY WO-04).
    private static func handle(of user: UserID, _ parts: CoreParts, _ transaction: Transaction) throws -> [UInt8] {
        if let handle = try transaction.first(ReadUserHandle(user: user)) { return handle }
        let handle = parts.random.bytes(64)
        guard try transaction.insertIfNew(InsertUserHandle(user: user, handle: handle), index: "PRIMARY") else {
            throw DatabaseError(.deadlock, "a handle was made by two at once")
        }
        return handle
    }
}

extension FlowError {
    static let enrolmentRefused = FlowError(
        .failedPrecondition,
        reason: .enrolmentRefused,
        message: "the authenticator's answer was refused; begin again"
    )

    static let passkeyTaken = FlowError(
        .alreadyExists,
        reason: .passkeyTaken,
        message: "this passkey is registered already"
    )

    static let passkeysOff = FlowError(
        .failedPrecondition,
        reason: .passkeysOff,
        message: "there are no passkeys here: the site's address is not configured"
    )
}
