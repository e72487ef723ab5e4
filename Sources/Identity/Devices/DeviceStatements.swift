import MariaDB

/// Which of a few devices belongs to a user.
struct FindDevice: Statement {
    static let sql: SQL = """
        SELECT id FROM devices WHERE token_hash IN (?, ?, ?, ?, ?) AND user_id = ? AND expires_at > ? LIMIT 1
        """
    /// Marks in the statement.
    static let maximum = 5

    /// At least one; those beyond the maximum are not looked at.
    let tokens: [TokenHash]
    let user: UserID
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        // A short list is filled up with its own first entry.
        for index in 0..<Self.maximum { parameters.append(index < tokens.count ? tokens[index] : tokens.first) }
        parameters.append(user)
        parameters.append(now)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> DeviceID { try columns.next() }
}

/// Whether a device is still recognised as this user's.
struct DeviceIsRecognised: Statement {
    static let sql: SQL = "SELECT 1 FROM devices WHERE id = ? AND user_id = ? AND expires_at > ?"

    let device: DeviceID
    let user: UserID
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(device)
        parameters.append(user)
        parameters.append(now)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Int64 { try columns.next() }
}

/// Adds a device.
struct InsertDevice: Statement {
    static let sql: SQL = """
        INSERT INTO devices (id, user_id, token_hash, created_at, last_used_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)
        """

    let device: DeviceID
    let user: UserID
    let token: TokenHash
    let now: Timestamp
    let expiresAt: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(device)
        parameters.append(user)
        parameters.append(token)
        parameters.append(now)
        parameters.append(now)
        parameters.append(expiresAt)
    }
}

/// Keeps a device that is recognised as this user's so for longer, but not beyond its longest life.
///
/// It sees what is now, whatever the transaction saw before, and holds the row.
struct RenewDevice: Statement {
    static let sql: SQL = """
        UPDATE devices SET last_used_at = ?, expires_at = LEAST(?, created_at + INTERVAL ? MICROSECOND)
        WHERE id = ? AND user_id = ? AND expires_at > ?
        """

    let device: DeviceID
    let user: UserID
    let now: Timestamp
    let policy: DevicePolicy

    func bind(to parameters: inout Parameters) {
        parameters.append(now)
        parameters.append(now + policy.lifetime)
        parameters.append(policy.longestLifetime.wholeMicroseconds)
        parameters.append(device)
        parameters.append(user)
        parameters.append(now)
    }
}

/// Whether a device is recognised as this user's now, whatever the transaction saw before, and holds it.
struct LockRecognisedDevice: Statement {
    static let sql: SQL = "SELECT 1 FROM devices WHERE id = ? AND user_id = ? AND expires_at > ? FOR UPDATE"

    let device: DeviceID
    let user: UserID
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(device)
        parameters.append(user)
        parameters.append(now)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Int64 { try columns.next() }
}

/// Whether a second factor need not be asked for on a device.
struct DeviceIsRemembered: Statement {
    static let sql: SQL = "SELECT 1 FROM devices WHERE id = ? AND user_id = ? AND remembered_until > ?"

    let device: DeviceID
    let user: UserID
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(device)
        parameters.append(user)
        parameters.append(now)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Int64 { try columns.next() }
}

/// Asks for no second factor on a device for a while.
struct RememberDevice: Statement {
    static let sql: SQL = "UPDATE devices SET remembered_until = ? WHERE id = ?"

    let device: DeviceID
    let until: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(until)
        parameters.append(device)
    }
}

/// Asks for the second factor again on every device of a user.
struct ForgetRememberedDevices: Statement {
    static let sql: SQL = "UPDATE devices SET remembered_until = NULL WHERE user_id = ?"
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
}

/// How many devices a user has.
struct CountDevices: Statement {
    static let sql: SQL = "SELECT COUNT(*) FROM devices WHERE user_id = ?"
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> Int { try columns.next() }
}

/// Forgets the devices of a user that were not used for longest.
struct DeleteOldestDevices: Statement {
    static let sql: SQL = "DELETE FROM devices WHERE user_id = ? ORDER BY last_used_at LIMIT ?"

    let user: UserID
    let count: Int

    func bind(to parameters: inout Parameters) {
        parameters.append(user)
        parameters.append(count)
    }
}

/// Forgets the device that a session was begun on.
struct DeleteDeviceOfSession: Statement {
    static let sql: SQL = """
        DELETE d FROM sessions s JOIN devices d ON d.id = s.device_id AND d.user_id = s.user_id WHERE s.id = ?
        """
    let session: SessionID
    func bind(to parameters: inout Parameters) { parameters.append(session) }
}

/// Forgets the devices of a user but the one that a session was begun on.
struct DeleteOtherDevices: Statement {
    static let sql: SQL = """
        DELETE FROM devices WHERE user_id = ?
            AND id <> COALESCE((SELECT s.device_id FROM sessions s WHERE s.id = ?), '')
        """

    let user: UserID
    let kept: SessionID

    func bind(to parameters: inout Parameters) {
        parameters.append(user)
        parameters.append(kept)
    }
}

/// Forgets all devices of a user.
struct DeleteDevicesOfUser: Statement {
    static let sql: SQL = "DELETE FROM devices WHERE user_id = ?"
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
}
