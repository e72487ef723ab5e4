package import MariaDB

/// Which issue of the FIDO metadata the servers of one database work with.
package enum AuthenticatorMetadata {
    /// Takes note of an issue before it is used.
    ///
    /// An older one than was seen before is refused, since a model could have been compromised meanwhile (SECURITY AF-10).
    ///
    /// - Parameters:
    ///   - number: Its serial number.
    ///   - now: The time.
    ///   - deadline: Until when the database may take.
    ///   - database: Where the greatest number is kept.
    /// - Returns: The greatest number that was seen so far, this one included.
    /// - Throws: `DatabaseError`.
    package static func accept(
        _ number: Int64,
        at now: Timestamp,
        deadline: Deadline,
        in database: Database
    ) async throws -> Int64 {
        try await database.transaction(deadline: deadline) { transaction in
            try transaction.execute(RaiseMetadataNumber(number: number, now: now))
            return try transaction.first(ReadMetadataNumber()) ?? number
        }
    }
}

/// Raises the greatest serial number, or leaves it; holds the row.
struct RaiseMetadataNumber: Statement {
    // Assignments work from left to right, so the time is decided by the number as it was.
    static let sql: SQL = """
        INSERT INTO authenticator_metadata (id, number, accepted_at) VALUES (1, ?, ?)
        ON DUPLICATE KEY UPDATE accepted_at = IF(VALUES(number) > number, VALUES(accepted_at), accepted_at),
            number = GREATEST(number, VALUES(number))
        """

    let number: Int64
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(number)
        parameters.append(now)
    }
}

/// The greatest serial number so far.
struct ReadMetadataNumber: Statement {
    static let sql: SQL = "SELECT number FROM authenticator_metadata WHERE id = 1"
    func bind(to parameters: inout Parameters) {}
    static func row(from columns: inout Columns) throws(DatabaseError) -> Int64 { try columns.next() }
}
