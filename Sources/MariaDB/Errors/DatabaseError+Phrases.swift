extension DatabaseError.Code {
    /// What happened, in the words of a log line.
    var phrase: String {
        switch self {
        case .unavailable(let unavailability): unavailability.phrase
        case .deadlineExceeded: "the deadline passed"
        case .overloaded: "too much waits"
        case .duplicateKey(let index): "the key \(index) is taken"
        case .foreignKey: "a foreign key refused the row"
        case .deadlock: "the transaction was rolled back for another's sake"
        case .lockTimeout: "a lock was not granted in time"
        case .dataTooLong: "a value is too long"
        case .constraint: "a constraint refused the row"
        case .readOnly: "only reading is allowed"
        case .configuration: "wrong settings, credentials or rights"
        case .tls: "the connection is not secure"
        case .schemaTooNew: "the schema is newer than this program"
        case .schemaTooOld: "the schema lacks migrations"
        case .checksum: "an applied migration was altered"
        case .diskFull: "no room is left"
        case .protocol: "unexpected answer"
        case .cancelled: "cancelled"
        case .internal: "failure"
        }
    }
}

extension DatabaseError.Unavailability {
    fileprivate var phrase: String {
        switch self {
        case .connecting: "no connection"
        case .lost: "the connection was lost; nothing was committed"
        case .outcomeUnknown: "the connection was lost during COMMIT; whether it happened is unknown"
        }
    }
}
