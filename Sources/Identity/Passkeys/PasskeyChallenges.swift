import Cryptography
import MariaDB

/// The rows of `passkey_challenges`: what authenticators are asked to sign, once (SECURITY WO-01, WO-02).
struct PasskeyChallenges: Sendable {
    /// What a challenge is for; raw values are stored.
    enum Purpose: UInt8, Sendable {
        /// Its owner is a session.
        case registration = 1
        /// Its owner is a flow.
        case signIn = 2
    }

    static let byteCount = 32

    let random: any RandomSource

    /// Makes a challenge, which replaces the one before.
    func make(
        _ purpose: Purpose,
        owner: [UInt8],
        expiresAt: Timestamp,
        _ transaction: Transaction
    ) throws -> [UInt8] {
        let challenge = random.bytes(Self.byteCount)
        let put = PutPasskeyChallenge(owner: owner, purpose: purpose, challenge: challenge, expiresAt: expiresAt)
        try transaction.enqueue(put)
        return challenge
    }

    /// Takes the challenge away, whatever comes of the attempt; nil when there is none, or it is over.
    func take(
        _ purpose: Purpose,
        owner: [UInt8],
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> [UInt8]? {
        let row = try transaction.first(TakePasskeyChallenge(owner: owner, purpose: purpose))
        return row.flatMap { now < $0.expiresAt ? $0.challenge : nil }
    }
}

/// Writes a challenge in place of the one before.
struct PutPasskeyChallenge: Statement {
    static let sql: SQL = """
        INSERT INTO passkey_challenges (owner_id, purpose, challenge, expires_at) VALUES (?, ?, ?, ?)
        ON DUPLICATE KEY UPDATE challenge = VALUES(challenge), expires_at = VALUES(expires_at)
        """

    let owner: [UInt8]
    let purpose: PasskeyChallenges.Purpose
    let challenge: [UInt8]
    let expiresAt: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(owner)
        parameters.append(purpose.rawValue)
        parameters.append(challenge)
        parameters.append(expiresAt)
    }
}

/// Removes a challenge and tells what it was: of many who try it at once, one is told.
struct TakePasskeyChallenge: Statement {
    static let sql: SQL = """
        DELETE FROM passkey_challenges WHERE owner_id = ? AND purpose = ? RETURNING challenge, expires_at
        """

    /// The challenge and its end.
    struct Row: Sendable {
        let challenge: [UInt8]
        let expiresAt: Timestamp
    }

    let owner: [UInt8]
    let purpose: PasskeyChallenges.Purpose

    func bind(to parameters: inout Parameters) {
        parameters.append(owner)
        parameters.append(purpose.rawValue)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        Row(challenge: try columns.next(), expiresAt: try columns.next())
    }
}

/// Removes a challenge.
struct DeletePasskeyChallenge: Statement {
    static let sql: SQL = "DELETE FROM passkey_challenges WHERE owner_id = ? AND purpose = ?"

    let owner: [UInt8]
    let purpose: PasskeyChallenges.Purpose

    func bind(to parameters: inout Parameters) {
        parameters.append(owner)
        parameters.append(purpose.rawValue)
    }
}
