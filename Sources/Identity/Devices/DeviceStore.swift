import Cryptography
import MariaDB

/// The rows of `devices`: browsers and applications that a user signed in with before.
///
/// A device is recognised by a secret that it was given after a proof, so nobody else's tries count against it, and
/// nobody can bring a secret of his own choice (SECURITY TH-05, SE-03).
struct DeviceStore: Sendable {
    let policy: DevicePolicy
    let random: any RandomSource

    /// The device of this call, if it is one of that user's.
    ///
    /// A name that nobody has is looked up the same way, so that both cost the same (SECURITY EN-02).
    func recognise(
        _ tokens: DeviceTokens,
        of identity: SignInIdentity,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> DeviceID? {
        guard !tokens.hashes.isEmpty else { return nil }
        let user = identity.owner?.userID ?? .zero
        return try transaction.first(FindDevice(tokens: tokens.hashes, user: user, now: now))
    }

    /// Whether a device that a flow began on is still recognised, and as this person's.
    func isRecognised(
        _ device: DeviceID?,
        of identity: SignInIdentity,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> Bool {
        guard let device, let user = identity.owner?.userID else { return false }
        return try transaction.first(DeviceIsRecognised(device: device, user: user, now: now)) != nil
    }

    /// Whether the second factor need not be asked for on this device of this user (SECURITY SE-11).
    func isRemembered(_ device: DeviceID?, of user: UserID, at now: Timestamp, _ transaction: Transaction) throws
        -> Bool
    {
        guard let device else { return false }
        return try transaction.first(DeviceIsRemembered(device: device, user: user, now: now)) != nil
    }

    /// Asks for no second factor on this device for a while.
    func remember(_ device: DeviceID, at now: Timestamp, _ transaction: Transaction) throws {
        try transaction.enqueue(RememberDevice(device: device, until: now + policy.rememberedFor))
    }

    /// Keeps a recognised device for longer; nil when it is not this user's any more, since it was forgotten meanwhile.
    func renewed(
        _ device: DeviceID?,
        of user: UserID,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> DeviceID? {
        guard let device else { return nil }
        let renewed = try transaction.execute(RenewDevice(device: device, user: user, now: now, policy: policy))
        guard renewed == 0 else { return device }
        // Nothing changes either when it was used in this very microsecond.
        let isThere = try transaction.first(LockRecognisedDevice(device: device, user: user, now: now)) != nil
        return isThere ? device : nil
    }

    /// Recognises a further device from now on; the one that was not used for longest goes when there are too many.
    func add(
        for user: UserID,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> (device: DeviceID, token: SecretBytes) {
        let maximum = Int(max(1, policy.maximumPerUser))
        let count = try transaction.first(CountDevices(user: user)) ?? 0
        if count >= maximum {
            try transaction.enqueue(DeleteOldestDevices(user: user, count: count - maximum + 1))
        }
        let device = DeviceID.make(at: now, random: random)
        let (token, hash) = TokenText.make(.device, random: random)
        let expiresAt = now + policy.lifetime
        let insert = InsertDevice(device: device, user: user, token: hash, now: now, expiresAt: expiresAt)
        try transaction.enqueue(insert)
        return (device, token)
    }
}
