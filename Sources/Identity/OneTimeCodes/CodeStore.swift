import MariaDB

/// The rows of `one_time_codes`: at most one live code for a flow and purpose.
struct CodeStore: Sendable {
    /// Writes a code, which voids the one before.
    func put(_ code: StoredCode, at now: Timestamp, _ transaction: Transaction) throws {
        try transaction.enqueue(PutCode(code: code, now: now))
    }

    /// The code of a flow and purpose, live or not.
    func read(_ flowID: FlowID, _ purpose: CodePurpose, _ transaction: Transaction) throws -> StoredCode? {
        try transaction.first(ReadCode(flowID: flowID, purpose: purpose)).map { row in
            StoredCode(
                binding: CodeBinding(
                    flowID: flowID,
                    purpose: purpose,
                    addressKind: row.addressKind,
                    addressCanonical: row.addressCanonical
                ),
                authenticationCode: row.authenticationCode,
                expiresAt: row.expiresAt,
                resendAt: row.resendAt,
                tries: row.tries
            )
        }
    }

    /// Uses up a try; false when there is no live code with this binding and a try left.
    func takeTry(
        _ binding: CodeBinding,
        maximumTries: UInt8,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> Bool {
        try transaction.execute(TakeTry(binding: binding, maximumTries: maximumTries, now: now)) == 1
    }

    /// Uses the code up; false when somebody did already.
    func consume(_ flowID: FlowID, _ purpose: CodePurpose, at now: Timestamp, _ transaction: Transaction) throws -> Bool
    {
        try transaction.execute(ConsumeCode(flowID: flowID, purpose: purpose, now: now)) == 1
    }

    /// Removes all codes of a flow.
    func void(_ flowID: FlowID, _ transaction: Transaction) throws {
        try transaction.enqueue(DeleteCodes(flowID: flowID))
    }
}
