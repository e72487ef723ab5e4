import MariaDB

/// Gives all rows of one account to another.
protocol MoveStatement: Statement where Row == NoRow {
    var source: UserID { get }
    var target: UserID { get }
}

extension MoveStatement {
    func bind(to parameters: inout Parameters) {
        parameters.append(target)
        parameters.append(source)
    }
}

/// Gives a name to another account.
struct MoveIdentifier: Statement {
    static let sql: SQL = "UPDATE user_identifiers SET user_id = ?, is_primary = ? WHERE id = ?"

    let id: IdentifierID
    let target: UserID
    let isPrimary: Bool

    func bind(to parameters: inout Parameters) {
        parameters.append(target)
        parameters.append(isPrimary)
        parameters.append(id)
    }
}

/// Gives an authenticator app to another account, with its secret sealed for it.
struct MoveTOTPDevice: Statement {
    static let sql: SQL = "UPDATE totp_devices SET user_id = ?, secret = ? WHERE id = ?"

    let device: TOTPDeviceID
    let target: UserID
    let secret: [UInt8]

    func bind(to parameters: inout Parameters) {
        parameters.append(target)
        parameters.append(secret)
        parameters.append(device)
    }
}

/// Gives the handle of an account to one that has none.
struct MoveUserHandle: MoveStatement {
    static let sql: SQL = "UPDATE user_handles SET user_id = ? WHERE user_id = ?"

    let source: UserID
    let target: UserID
}

/// Gives a passkey to another account; it goes on to say the handle under which it was registered.
struct MovePasskey: Statement {
    static let sql: SQL = "UPDATE passkeys SET user_id = ?, handle = ? WHERE id = ?"

    let passkey: PasskeyID
    let target: UserID
    let handle: [UInt8]

    func bind(to parameters: inout Parameters) {
        parameters.append(target)
        parameters.append(handle)
        parameters.append(passkey)
    }
}

/// Gives the password of an account to one that has none.
struct MovePassword: MoveStatement {
    static let sql: SQL = "UPDATE passwords SET user_id = ? WHERE user_id = ?"

    let source: UserID
    let target: UserID
}

/// Gives former passwords to another account.
struct MoveFormerPasswords: MoveStatement {
    static let sql: SQL = "UPDATE IGNORE former_passwords SET user_id = ? WHERE user_id = ?"

    let source: UserID
    let target: UserID
}

/// Forgets all former passwords of an account.
struct DeleteAllFormerPasswords: Statement {
    static let sql: SQL = "DELETE FROM former_passwords WHERE user_id = ?"
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
}

/// Notes that what came of an invitation is another account now.
struct MoveInvitations: MoveStatement {
    static let sql: SQL = "UPDATE invitations SET user_id = ? WHERE user_id = ?"

    let source: UserID
    let target: UserID
}
