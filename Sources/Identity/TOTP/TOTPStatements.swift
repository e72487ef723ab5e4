import MariaDB
import OneTimePasswords

/// A device with its sealed secret.
struct TOTPRow: Sendable {
    let device: TOTPDevice
    let secret: [UInt8]
    let lastStep: Int64?
    let expiresAt: Timestamp?

    static let select: SQL = """
        SELECT id, user_id, name, hash, digits, period, created_at, confirmed_at, last_used_at, secret, last_step,
            expires_at FROM totp_devices
        """

    init(from columns: inout Columns) throws(DatabaseError) {
        let id = try columns.next(TOTPDeviceID.self)
        let user = try columns.next(UserID.self)
        let name = try columns.next(String.self)
        let column = columns.position
        let hash = OneTimePasswordHash(rawValue: try columns.next(UInt8.self))
        let (digits, period) = (try columns.next(UInt8.self), try columns.next(UInt16.self))
        guard let hash, let parameters = TOTP.Parameters(hash: hash, digits: Int(digits), period: Int64(period)) else {
            throw columns.mismatch(at: column, wanted: "parameters of one-time passwords")
        }
        device = TOTPDevice(
            id: id,
            userID: user,
            name: name,
            parameters: parameters,
            createdAt: try columns.next(Timestamp.self),
            confirmedAt: try columns.nextOptional(Timestamp.self),
            lastUsedAt: try columns.nextOptional(Timestamp.self)
        )
        secret = try columns.next([UInt8].self)
        lastStep = try columns.nextOptional(Int64.self)
        expiresAt = try columns.nextOptional(Timestamp.self)
    }
}

/// The devices of a user, oldest first.
struct ListTOTPDevices: Statement {
    static let sql: SQL = TOTPRow.select + " WHERE user_id = ? ORDER BY id"
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> TOTPRow { try TOTPRow(from: &columns) }
}

/// The confirmed devices of a user, locked until the transaction ends.
struct LockTOTPDevices: Statement {
    static let sql: SQL = TOTPRow.select + " WHERE user_id = ? AND confirmed_at IS NOT NULL ORDER BY id FOR UPDATE"
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> TOTPRow { try TOTPRow(from: &columns) }
}

/// One device, locked until the transaction ends.
struct LockTOTPDevice: Statement {
    static let sql: SQL = TOTPRow.select + " WHERE id = ? FOR UPDATE"
    let device: TOTPDeviceID
    func bind(to parameters: inout Parameters) { parameters.append(device) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> TOTPRow { try TOTPRow(from: &columns) }
}

/// Adds a device that waits for its first code.
struct InsertTOTPDevice: Statement {
    static let sql: SQL = """
        INSERT INTO totp_devices (id, user_id, name, secret, hash, digits, period, created_at, expires_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    let device: TOTPDevice
    let secret: [UInt8]
    let expiresAt: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(device.id)
        parameters.append(device.userID)
        parameters.append(device.name)
        parameters.append(secret)
        parameters.append(device.parameters.hash.rawValue)
        parameters.append(UInt8(clamping: device.parameters.digits))
        parameters.append(UInt16(clamping: device.parameters.period))
        parameters.append(device.createdAt)
        parameters.append(expiresAt)
    }
}

/// Makes a pending device ready, with the step that proved it used up; no row when it is confirmed or over.
struct ConfirmTOTPDevice: Statement {
    static let sql: SQL = """
        UPDATE totp_devices SET confirmed_at = ?, expires_at = NULL, last_step = ?
        WHERE id = ? AND confirmed_at IS NULL AND expires_at > ?
        """

    let device: TOTPDeviceID
    let step: Int64
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(now)
        parameters.append(step)
        parameters.append(device)
        parameters.append(now)
    }
}

/// Uses a step up; no row when it, or a later one, was used (SECURITY TOTP-04).
struct UseTOTPStep: Statement {
    static let sql: SQL = """
        UPDATE totp_devices SET last_step = ?, last_used_at = ?
        WHERE id = ? AND confirmed_at IS NOT NULL AND (last_step IS NULL OR last_step < ?)
        """

    let device: TOTPDeviceID
    let step: Int64
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(step)
        parameters.append(now)
        parameters.append(device)
        parameters.append(step)
    }
}

/// Gives a device another name.
struct RenameTOTPDevice: Statement {
    static let sql: SQL = "UPDATE totp_devices SET name = ? WHERE id = ?"

    let device: TOTPDeviceID
    let name: String

    func bind(to parameters: inout Parameters) {
        parameters.append(name)
        parameters.append(device)
    }
}

/// Removes a device.
struct DeleteTOTPDevice: Statement {
    static let sql: SQL = "DELETE FROM totp_devices WHERE id = ?"
    let device: TOTPDeviceID
    func bind(to parameters: inout Parameters) { parameters.append(device) }
}
