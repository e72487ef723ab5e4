import Cryptography
import Logging
import MariaDB
import Passwords

/// The hash lane with the pepper, in the terms of flows.
///
/// The threads and their memory are there from the first hash on.
final class PasswordHasher: Sendable {
    let lane: HashLane
    private let pepper: Pepper
    private let logger: Logger

    init(_ configuration: HashLaneConfiguration, keyRing: KeyRing, random: any RandomSource, logger: Logger) {
        lane = HashLane(configuration, random: random)
        pepper = Pepper(keyRing: keyRing)
        self.logger = logger
    }

    /// Refuses a try for which there is no room, before it is counted: a server with too much to do locks nobody out, and
    /// pays no transaction for what it would refuse.
    ///
    /// It knows no names, so it is the same for all.
    func requireRoom(until deadline: Deadline) throws(FlowError) {
        try start()
        do {
            try lane.requireRoom(deadline: deadline.instant)
        } catch {
            throw FlowError(error)
        }
    }

    /// Whether a password is the one that was hashed; for nobody's (nil) the same work, and no.
    ///
    /// Throws `.throttled` with nothing computed when too many wait, and when the deadline passes.
    func isRight(
        _ password: PresentedPassword,
        _ hashed: HashedPassword?,
        until deadline: Deadline
    ) async throws(FlowError) -> Bool {
        try start()
        let instant = deadline.instant
        do {
            guard let hashed, let bytes = password.bytes(normalizedBy: hashed.normalization) else {
                return try await lane.verifyDummy(password.anything, pepper: activeKey, deadline: instant)
            }
            let key = hashed.pepperKeyID.map { PepperKey(pepper, keyID: $0) }
            let isRight = try await lane.verify(bytes, against: hashed.record, pepper: key, deadline: instant)
            guard !hashed.record.costs(lane.configuration.parameters) else { return isRight }
            // Records of other systems mostly cost far less; without this they would tell who was brought from there.
            _ = try await lane.verifyDummy(password.anything, pepper: activeKey, deadline: instant)
            return isRight
        } catch .recordTooCostly, .failed {
            // Its owner cannot sign in with it, and only an administrator can know why: a key that is lost, a record that
            // was imported before the limits were lowered.
            logger.warning("a stored password cannot be checked")
            // The same work as for anybody, or the time would tell whose it is (SECURITY PW-12).
            return try await dummy(password, until: instant)
        } catch {
            throw FlowError(error)
        }
    }

    /// The work of a check that nobody passes; always false.
    private func dummy(
        _ password: PresentedPassword,
        until deadline: ContinuousClock.Instant
    ) async throws(FlowError) -> Bool {
        do {
            return try await lane.verifyDummy(password.anything, pepper: activeKey, deadline: deadline)
        } catch {
            throw FlowError(error)
        }
    }

    /// A password hashed for storage.
    func hash(_ password: SecretBytes, until deadline: Deadline) async throws(FlowError) -> PasswordRecord {
        try start()
        do {
            return try await lane.hash(password, pepper: activeKey, deadline: deadline.instant)
        } catch {
            throw FlowError(error)
        }
    }

    /// The key that new records are made under.
    var pepperKeyID: UInt32 { pepper.activeKeyID }

    /// Whether a password would be hashed otherwise today (SECURITY PW-08).
    func isOutdated(_ hashed: HashedPassword, normalization: UInt16) -> Bool {
        guard case .argon2(let record) = hashed.record else { return true }
        return record.parameters != lane.configuration.parameters || hashed.pepperKeyID != pepper.activeKeyID
            || hashed.normalization != normalization
    }

    private var activeKey: PepperKey { PepperKey(activeOf: pepper) }

    private func start() throws(FlowError) {
        do {
            try lane.startIfNeeded()
        } catch {
            throw FlowError(error)
        }
    }
}

extension PasswordRecord {
    /// Whether it is what a record costs that is made now.
    fileprivate func costs(_ parameters: Argon2Parameters) -> Bool {
        guard case .argon2(let record) = self else { return false }
        return record.parameters == parameters
    }
}

extension FlowError {
    fileprivate init(_ error: HashLaneError) {
        switch error {
        case .overloaded(let wait):
            self.init(
                .throttled(retryAfter: wait),
                reason: .overloaded,
                message: "too many passwords are being checked; try again later"
            )
        case .deadlineExceeded:
            self.init(.deadlineExceeded, reason: .deadlineExceeded, message: "the deadline passed")
        case .cancelled: self.init(.cancelled, reason: .cancelled, message: "the call was cancelled")
        case .stopped:
            self.init(.unavailable(retryAfter: nil), reason: .unavailable, message: "the server is stopping")
        case .recordTooCostly, .failed:
            self.init(
                .internalFailure,
                reason: .internalFailure,
                message: "the password could not be hashed",
                cause: error
            )
        }
    }
}
