import Cryptography
import Logging
import MariaDB
import OneTimePasswords

/// The rows of `totp_devices`; secrets are sealed with user and device as context, so that no row opens in another's
/// place (SECURITY TOTP-06).
struct TOTPStore: Sendable {
    let keyRing: KeyRing
    let logger: Logger

    init(parts: CoreParts) {
        (keyRing, logger) = (parts.keyRing, parts.logger)
    }

    /// Adds a pending device.
    func insert(
        _ device: TOTPDevice,
        secret: SecretBytes,
        expiresAt: Timestamp,
        _ transaction: Transaction
    ) throws {
        let sealed = try sealed(secret, for: device)
        try transaction.execute(InsertTOTPDevice(device: device, secret: sealed, expiresAt: expiresAt))
    }

    /// The secret as it is stored.
    func sealed(_ secret: SecretBytes, for device: TOTPDevice) throws(CryptographyError) -> [UInt8] {
        try keyRing.seal(secret, for: .totp, context: context(of: device))
    }

    /// The secret of a stored device.
    func secret(of row: TOTPRow) throws(CryptographyError) -> SecretBytes {
        try keyRing.open(row.secret, for: .totp, context: context(of: row.device))
    }

    /// The step of a device that a typed code belongs to, if it may be accepted now; nil also when the secret cannot be
    /// opened.
    func acceptedStep(of code: [UInt8], _ row: TOTPRow, at now: Timestamp) -> Int64? {
        let secret: SecretBytes
        do {
            secret = try self.secret(of: row)
        } catch {
            // Its owner is told that the code is wrong; that a key is lost, or a row was altered, is for the operator.
            logger.error("a secret of an app cannot be opened", metadata: ["totp_device": "\(row.device.id)"])
            return nil
        }
        let totp = TOTP(key: secret, parameters: row.device.parameters)
        return totp.acceptedStep(of: code, at: now.microsecondsSinceEpoch / 1_000_000, after: row.lastStep)
    }

    /// Gives a device to another account, its secret sealed anew for it.
    func move(_ row: TOTPRow, to target: UserID, _ transaction: Transaction) throws {
        let device = row.device
        let secret = try secret(of: row)
        let seat = AssociatedContext(table: "totp_devices", row: target.bytes + device.id.bytes, column: "secret")
        let sealed = try keyRing.seal(secret, for: .totp, context: seat)
        try transaction.execute(MoveTOTPDevice(device: device.id, target: target, secret: sealed))
    }

    private func context(of device: TOTPDevice) -> AssociatedContext {
        AssociatedContext(table: "totp_devices", row: device.userID.bytes + device.id.bytes, column: "secret")
    }
}
