import MariaDB

extension Transaction {
    /// Runs a statement; a duplicate in this UNIQUE index becomes a refusal, other failures pass.
    @discardableResult
    func execute(_ statement: some Statement, orOnDuplicate index: String, throw refusal: FlowError) throws -> UInt64 {
        do {
            return try execute(statement)
        } catch {
            guard error.code == .duplicateKey(index: index) else { throw error }
            throw refusal
        }
    }

    /// Runs an INSERT; false when a row with its key is there.
    func insertIfNew(_ statement: some Statement, index: String = "PRIMARY") throws -> Bool {
        do {
            return try execute(statement) == 1
        } catch {
            guard error.code == .duplicateKey(index: index) else { throw error }
            return false
        }
    }
}
