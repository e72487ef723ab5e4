internal import CMariaDB
internal import Logging

extension Migrator {
    func apply(
        _ migration: Migration,
        _ record: MigrationRecord?,
        on connection: Connection,
        _ lease: borrowing MigrationLease
    ) throws(DatabaseError) {
        if record?.state == .applied { return }
        if record?.state == .reverting {
            try revert(migration, record, on: connection, lease)
            return try apply(migration, nil, on: connection, lease)
        }
        if record == nil {
            let checksum = try checksum(of: migration, on: connection)
            let row = InsertMigration(number: migration.number, name: migration.name, checksum: checksum)
            try connection.change(row)
        }
        try run(migration.up, of: migration, .applying, from: record?.statementsDone, on: connection, lease)
        try connection.change(UpdateMigration(number: migration.number, state: .applied, statementsDone: 0))
        logger.info("applied a migration", metadata: ["migration": "\(migration.number)", "name": "\(migration.name)"])
    }

    func revert(
        _ migration: Migration,
        _ record: MigrationRecord?,
        on connection: Connection,
        _ lease: borrowing MigrationLease
    ) throws(DatabaseError) {
        // One that stopped half way up is finished first: the way back expects all of it.
        if record?.state == .applying { try apply(migration, record, on: connection, lease) }
        let done = record?.state == .reverting ? record?.statementsDone : nil
        if done == nil {
            try connection.change(UpdateMigration(number: migration.number, state: .reverting, statementsDone: 0))
        }
        try run(migration.down, of: migration, .reverting, from: done, on: connection, lease)
        try connection.change(DeleteMigration(number: migration.number))
        logger.info("took back a migration", metadata: ["migration": "\(migration.number)"])
    }

    /// Runs the statements not yet done; each is counted in its own transaction where it does not commit by itself.
    private func run(
        _ script: String,
        of migration: Migration,
        _ state: MigrationState,
        from done: Int?,
        on connection: Connection,
        _ lease: borrowing MigrationLease
    ) throws(DatabaseError) {
        let statements = Migration.statements(of: script)
        for index in min(done ?? 0, statements.count)..<statements.count {
            try lease.check()
            try connection.execute(text: "START TRANSACTION")
            do {
                try connection.execute(text: statements[index])
            } catch  where index == done && error.meansDoneBefore {
                // DDL is atomic but not counted in the same commit: it was done just before the process ended.
            } catch {
                if !error.endsConnection { try connection.execute(text: "ROLLBACK") }
                throw error
            }
            let count = UpdateMigration(number: migration.number, state: state, statementsDone: index + 1)
            try connection.change(count)
            try connection.execute(text: "COMMIT")
        }
    }

    /// What the database remembers; nothing when it was never migrated.
    func records(on connection: Connection) throws(DatabaseError) -> [MigrationRecord] {
        var records: [MigrationRecord] = []
        do {
            try connection.query(ListMigrations(), file: #fileID, line: #line) { record in
                records.append(record)
                return true
            }
        } catch  where error.serverErrorNumber == UInt16(ER_NO_SUCH_TABLE) {
            return []
        }
        return records
    }

    /// Refuses altered files, and a database more than one step newer.
    func check(_ records: [MigrationRecord], on connection: Connection) throws(DatabaseError) {
        let newest = migrations.last?.number ?? 0
        if let newer = records.first(where: { $0.number > newest + 1 }) {
            throw DatabaseError(
                .schemaTooNew,
                "the database has migration \(newer.number), this program ends at \(newest)"
            )
        }
        for record in records {
            guard let migration = migrations.first(where: { $0.number == record.number }) else { continue }
            guard try checksum(of: migration, on: connection) == record.checksum else {
                throw DatabaseError(.checksum, "migration \(record.number) was altered after it was applied")
            }
        }
    }

    private func checksum(of migration: Migration, on connection: Connection) throws(DatabaseError) -> String {
        var checksum: String?
        try connection.query(MigrationChecksum(text: migration.frozenText), file: #fileID, line: #line) { row in
            checksum = row
            return false
        }
        guard let checksum else { throw DatabaseError(.protocol, "the server computes no checksum") }
        return checksum
    }
}

extension Connection {
    fileprivate func change(_ statement: some Statement) throws(DatabaseError) {
        _ = try execute(statement, file: #fileID, line: #line)
    }
}

extension DatabaseError {
    /// Whether a schema statement failed because its effect is there already.
    fileprivate var meansDoneBefore: Bool {
        let numbers = [
            ER_TABLE_EXISTS_ERROR, ER_BAD_TABLE_ERROR, ER_DUP_FIELDNAME, ER_DUP_KEYNAME, ER_CANT_DROP_FIELD_OR_KEY,
            ER_NO_SUCH_TABLE,
        ]
        return serverErrorNumber.map { numbers.contains(Int32($0)) } ?? false
    }
}
