/// What went wrong with the database; safe to show and log, because it never holds a bound value.
package struct DatabaseError: Error, Sendable {
    /// What kind of failure it is.
    package let code: Code
    /// The number the server or the client library gave, where there is one.
    package let serverErrorNumber: UInt16?
    /// The five-character SQL state, where there is one.
    package let sqlState: String?
    /// A sentence about the failure without any value of a statement.
    package let message: String
    /// The server's own words; may quote values, so only `debugDescription` shows it.
    let serverMessage: String?
    /// Where in our source the failure was noticed.
    let location: SourceLocation

    package init(
        _ code: Code,
        _ message: String = "",
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        self.code = code
        self.message = message
        self.serverErrorNumber = nil
        self.sqlState = nil
        self.serverMessage = nil
        self.location = SourceLocation(file: file, line: line)
    }

    init(
        _ code: Code,
        number: UInt32,
        sqlState: String,
        serverMessage: String,
        location: SourceLocation
    ) {
        self.code = code
        self.message = ""
        self.serverErrorNumber = UInt16(exactly: number)
        self.sqlState = sqlState
        self.serverMessage = serverMessage
        self.location = location
    }

    /// The same failure, told as another kind.
    func replacing(code: Code) -> DatabaseError {
        DatabaseError(
            code,
            number: UInt32(serverErrorNumber ?? 0),
            sqlState: sqlState ?? "",
            serverMessage: serverMessage ?? "",
            location: location
        )
    }

    /// A line of our source.
    struct SourceLocation: Sendable {
        let file: StaticString
        let line: UInt
    }
}

extension DatabaseError {
    /// The kinds of failure that callers tell apart.
    package enum Code: Sendable, Hashable {
        /// No server could be reached, or the connection broke.
        case unavailable(Unavailability)
        /// The deadline passed before or while the work ran; nothing was committed.
        case deadlineExceeded
        /// The queue is full; nothing was run.
        case overloaded
        /// A UNIQUE constraint refused the row; `index` is its name as the server gives it, without the table.
        case duplicateKey(index: String)
        /// A foreign key refused the row.
        case foreignKey
        /// Deadlock, certification failure or a row that changed under us; the transaction was rolled back.
        case deadlock
        /// A lock was not granted in time.
        case lockTimeout
        /// A value is longer or larger than its column.
        case dataTooLong
        /// Another constraint refused the row: NOT NULL, CHECK, a wrong value for the type.
        case constraint
        /// The server, or this unit of work, may only read.
        case readOnly
        /// Wrong settings, credentials, rights or files.
        case configuration
        /// The server could not prove who it is, or the connection would not have been encrypted.
        case tls
        /// The database was migrated further than this program understands.
        case schemaTooNew
        /// The database lacks migrations that this program needs.
        case schemaTooOld
        /// A migration file differs from the one that was applied.
        case checksum
        /// The server has no room left.
        case diskFull
        /// The server's answer, or the type of a column, is not what was expected.
        case `protocol`
        /// The calling task was cancelled before the work ran.
        case cancelled
        /// Any other failure.
        case `internal`
    }

    /// How far a connection got before it failed.
    package enum Unavailability: Sendable, Hashable {
        /// There was no connection: nothing was run.
        case connecting
        /// The connection broke before COMMIT was sent: nothing was committed.
        case lost
        /// The connection broke during COMMIT: whether it happened is unknown.
        case outcomeUnknown
    }

    /// Whether the connection broke during COMMIT, so that the work may or may not have happened.
    package var outcomeUnknown: Bool { code == .unavailable(.outcomeUnknown) }

    /// Whether no server could be reached or the connection broke.
    package var isUnavailable: Bool {
        if case .unavailable = code { true } else { false }
    }

    /// The number with which a Galera node refuses statements while it is not part of the cluster.
    static let galeraNodeNotReady: UInt16 = 1047

    /// Whether a whole transaction may be run again because the server rolled it back for another's sake.
    var isRetryable: Bool {
        code == .deadlock || code == .lockTimeout || serverErrorNumber == Self.galeraNodeNotReady
    }

    /// Whether the connection is of no use any more.
    var endsConnection: Bool {
        switch code {
        case .unavailable, .tls: true
        // Our own `.protocol` errors are about a column's type: the connection is still good.
        case .protocol: serverErrorNumber != nil
        default: false
        }
    }
}

extension DatabaseError: CustomStringConvertible, CustomDebugStringConvertible {
    package var description: String {
        var text = "database: \(code.phrase)"
        if let serverErrorNumber { text += " (error \(serverErrorNumber), state \(sqlState ?? "-"))" }
        if !message.isEmpty { text += ": \(message)" }
        return text
    }

    /// Everything, with the server's words (which may quote stored values) and the place in the source.
    package var debugDescription: String {
        "\(description) [\(serverMessage ?? "")] at \(location.file):\(location.line)"
    }
}
