import Cryptography
package import MariaDB

/// A password hash as it is stored: the record, and what the password went through before it was hashed.
struct HashedPassword: Sendable, Hashable {
    let record: PasswordRecord
    /// The key of the pepper; nil for records that were made elsewhere.
    let pepperKeyID: UInt32?
    /// The form that was hashed (SECURITY PW-05); 0: as it was typed.
    let normalization: UInt16

    /// Whether another system made it, and nobody has signed in with it here.
    var isImported: Bool { pepperKeyID == nil }

    func append(to parameters: inout Parameters) {
        parameters.append(Array(record.text.utf8))
        parameters.append(pepperKeyID)
        parameters.append(normalization)
    }
}

/// The password of a user.
struct StoredPassword: Sendable, Hashable {
    let hashed: HashedPassword
    /// Long enough to be the only factor (SECURITY PW-01).
    let isLong: Bool
    let changedAt: Timestamp
    /// Since then it lets nobody in, and its owner is to set another one.
    let resetDemandedAt: Timestamp?

    /// Whether its owner has not changed it since; it may have been hashed anew.
    func isSame(as other: StoredPassword) -> Bool {
        changedAt == other.changedAt && resetDemandedAt == other.resetDemandedAt
    }
}

/// What may be told about a user's password.
package struct PasswordStatus: Sendable, Hashable {
    package let changedAt: Timestamp
    package let resetDemandedAt: Timestamp?
}

extension HashedPassword {
    init(from columns: inout Columns) throws(DatabaseError) {
        let column = columns.position
        let text = String(decoding: try columns.next([UInt8].self), as: UTF8.self)
        guard let record = try? PasswordRecord(text) else {
            throw columns.mismatch(at: column, wanted: "a password record")
        }
        self.init(
            record: record,
            pepperKeyID: try columns.nextOptional(UInt32.self),
            normalization: try columns.next(UInt16.self)
        )
    }
}
