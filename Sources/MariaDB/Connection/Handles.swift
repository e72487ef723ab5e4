internal import CMariaDB

/// Owns a `MYSQL*`: closed once, when the value ends.
@safe struct ConnectionHandle: ~Copyable {
    let pointer: UnsafeMutablePointer<MYSQL>

    init(takingOwnershipOf pointer: UnsafeMutablePointer<MYSQL>) {
        unsafe self.pointer = pointer
    }

    deinit {
        unsafe mysql_close(pointer)
    }
}

/// Owns a `MYSQL_STMT*`: closed once, here and on the server, when the value ends.
@safe struct StatementHandle: ~Copyable {
    let pointer: UnsafeMutablePointer<MYSQL_STMT>

    init(takingOwnershipOf pointer: UnsafeMutablePointer<MYSQL_STMT>) {
        unsafe self.pointer = pointer
    }

    deinit {
        unsafe _ = mysql_stmt_close(pointer)
    }
}
