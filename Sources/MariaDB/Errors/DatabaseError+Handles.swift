internal import CMariaDB

// The choke point: every C failure becomes a DatabaseError here, before anything else touches the handle.
extension DatabaseError {
    init(
        connection: UnsafeMutablePointer<MYSQL>,
        file: StaticString,
        line: UInt
    ) {
        unsafe self.init(
            number: mysql_errno(connection),
            state: mysql_sqlstate(connection),
            text: mysql_error(connection),
            location: SourceLocation(file: file, line: line)
        )
    }

    /// A statement whose rows end in an error, as those of a locking read in a deadlock do, leaves it with its connection.
    init(
        statement: UnsafeMutablePointer<MYSQL_STMT>,
        file: StaticString,
        line: UInt
    ) {
        if unsafe mysql_stmt_errno(statement) == 0, let connection = unsafe statement.pointee.mysql {
            unsafe self.init(connection: connection, file: file, line: line)
            return
        }
        unsafe self.init(
            number: mysql_stmt_errno(statement),
            state: mysql_stmt_sqlstate(statement),
            text: mysql_stmt_error(statement),
            location: SourceLocation(file: file, line: line)
        )
    }

    private init(
        number: UInt32,
        state: UnsafePointer<CChar>?,
        text: UnsafePointer<CChar>?,
        location: SourceLocation
    ) {
        let words = unsafe text.map { unsafe String(cString: $0) } ?? ""
        self.init(
            Code(number: number, serverMessage: words),
            number: number,
            sqlState: unsafe state.map { unsafe String(cString: $0) } ?? "",
            serverMessage: words,
            location: location
        )
    }
}
