package import Cryptography
import MariaDB
import OneTimePasswords
import QRCodes

/// Setting up, naming and removing authenticator apps.
package struct TOTPFlows: Sendable {
    let parts: CoreParts
    let store: TOTPStore

    init(parts: CoreParts) {
        self.parts = parts
        store = TOTPStore(parts: parts)
    }

    /// The devices of a user, oldest first, pending ones included; needs `users.read` of another's.
    package func list(_ user: UserID, _ context: CallContext) async throws(FlowError) -> [TOTPDevice] {
        try context.requireAccess(to: user, .usersRead)
        let now = parts.clock.now()
        return try await parts.read(context) { transaction in
            try transaction.all(ListTOTPDevices(user: user)).filter { $0.isUsable(at: now) }.map(\.device)
        }
    }

    /// Starts setting up an app for the person who is signed in; the first code confirms it.
    ///
    /// Only for oneself, after a fresh proof by one's strongest factor, and with an address that was proved (SECURITY
    /// TOTP-07, TOTP-09). Throws `.invalidInput` for a name that is none, and `too_many_authenticators`.
    package func begin(name: String, _ context: CallContext) async throws(FlowError) -> StartedTOTPEnrolment {
        let session = try context.requirePerson(repairing: true)
        let name = try AuthenticatorName.checked(name)
        let (parts, store) = (parts, store)
        let now = parts.clock.now()
        let secret = parts.random.secret(TOTP.keyByteCount)
        let device = TOTPDevice(
            id: parts.makeID(),
            userID: session.userID,
            name: name,
            parameters: parts.policy.totp.parameters,
            createdAt: now,
            confirmedAt: nil,
            lastUsedAt: nil
        )
        let expiresAt = now + parts.policy.totp.pendingLifetime
        let account = try await parts.transaction(context) { transaction in
            // Before anything is read, so that nothing of the person's changes after it is.
            guard try UserStore(parts: parts).lock(session.userID, at: now, transaction)?.state == .active else {
                throw FlowError.userStateUnsuitable
            }
            try parts.requireStrongestProof(context, repairing: true, transaction)
            let addresses = try transaction.all(ProvedAddresses(user: session.userID))
            guard let address = addresses.first(where: \.isPrimary) ?? addresses.first else {
                throw FlowError.provedAddressNeeded
            }
            let known = try transaction.all(ListTOTPDevices(user: session.userID))
            for over in known where !over.isUsable(at: now) {
                try transaction.execute(DeleteTOTPDevice(device: over.device.id))
            }
            guard known.count(where: { $0.isUsable(at: now) }) < parts.policy.totp.maximumPerUser else {
                throw FlowError.tooManyAuthenticators
            }
            try store.insert(device, secret: secret, expiresAt: expiresAt, transaction)
            return address.identifier.value
        }
        let provisioningURI = ProvisioningURI.make(
            issuer: parts.policy.totp.issuer ?? parts.policy.mail.siteName,
            account: account,
            key: secret,
            parameters: device.parameters
        )
        return StartedTOTPEnrolment(
            device: device,
            secret: Base32.encode(secret),
            provisioningURI: provisioningURI,
            qrCode: QRCode.svg(of: provisioningURI),
            expiresAt: expiresAt
        )
    }

    /// Proves that the app has the secret: it counts from then on.
    ///
    /// False when the code is wrong; throws `.notFound` for what is not a pending device of the person, and
    /// `.throttled` after too many tries.
    package func confirm(
        _ id: TOTPDeviceID,
        code: SecretBytes,
        _ context: CallContext
    ) async throws(FlowError) -> Bool {
        let session = try context.requirePerson(repairing: true)
        let (parts, store) = (parts, store)
        let now = parts.clock.now()
        let guarding = EnrolmentTries(parts: parts, method: .totp)
        let outcome = try await parts.transaction(context) { transaction -> EnrolmentTries.Outcome in
            // Before anything else, so that a sign-in under way remembers no device after this forgot them all.
            _ = try UserStore(parts: parts).lock(session.userID, at: now, transaction)
            if let wait = try guarding.count(session, at: now, transaction) { return .throttled(until: wait) }
            guard let row = try transaction.first(LockTOTPDevice(device: id)), row.device.userID == session.userID,
                row.device.confirmedAt == nil, row.isUsable(at: now)
            else { throw FlowError.notFound }
            guard let code = TOTPMethod.canonical(code), let step = store.acceptedStep(of: code, row, at: now),
                try transaction.execute(ConfirmTOTPDevice(device: id, step: step, now: now)) == 1
            else { return .wrong }
            try guarding.succeed(session, transaction)
            let change = AuthenticatorChange(.totpAdded, .authenticatorAdded, user: session.userID, id: id.bytes)
            try change.write(parts, context, at: now, transaction)
            return .right
        }
        return try outcome.isRight(at: now, parts.policy)
    }

    /// Gives a device of one's own another name.
    package func rename(_ id: TOTPDeviceID, to name: String, _ context: CallContext) async throws(FlowError) {
        let session = try context.requirePerson()
        let name = try AuthenticatorName.checked(name)
        let audit = AuditStore(parts: parts)
        try await parts.transaction(context) { transaction in
            guard let row = try transaction.first(LockTOTPDevice(device: id)), row.device.userID == session.userID
            else {
                throw FlowError.notFound
            }
            try transaction.execute(RenameTOTPDevice(device: id, name: name))
            let event = AuditEvent(.authenticatorRenamed, subjectUser: session.userID, subjectID: id.bytes)
            try audit.append(event, context, transaction)
        }
    }

    /// Removes a device: one's own after a fresh proof by one's strongest factor, or, with `users.write`, that of a
    /// person who lost it.
    ///
    /// Throws `last_way_in` to a person whose password is too short to be the only factor and who has nothing else, and
    /// `demanded_factor_missing` to one whose roles or groups demand it.
    package func remove(_ id: TOTPDeviceID, of user: UserID, _ context: CallContext) async throws(FlowError) {
        try context.requireAccess(to: user, .usersWrite)
        let parts = parts
        let now = parts.clock.now()
        try await parts.transaction(context) { transaction in
            _ = try UserStore(parts: parts).lock(user, for: context, at: now, transaction)
            try parts.requireStrongestProof(context, transaction)
            guard let row = try transaction.first(LockTOTPDevice(device: id)), row.device.userID == user else {
                throw FlowError.notFound
            }
            let before = try parts.enrolment(of: user, transaction)
            if row.device.confirmedAt != nil, case .user = context.actor {
                try parts.requireAnotherWayIn(
                    than: .totp,
                    of: user,
                    orAdministratorInsists: false,
                    context,
                    transaction
                )
            }
            try transaction.execute(DeleteTOTPDevice(device: id))
            try parts.requireDemandWithinReach(of: user, before: before, context, transaction)
            // What was never confirmed was no factor: nothing changed for the person.
            guard row.device.confirmedAt != nil else { return }
            let change = AuthenticatorChange(.totpRemoved, .authenticatorRemoved, user: user, id: id.bytes)
            try change.write(parts, context, at: now, transaction)
        }
    }
}

extension TOTPRow {
    /// Confirmed, or still waiting for its first code.
    func isUsable(at now: Timestamp) -> Bool {
        expiresAt.map { now < $0 } ?? true
    }
}
