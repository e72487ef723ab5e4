import Cryptography
import MariaDB
import OneTimePasswords

// Authenticators and memberships.
extension ImportWriter {
    func insertAuthenticators(of rows: [ImportBatch.Planned]) throws {
        try insert(
            rows.compactMap { row in
                row.record.password.map { InsertImportedPassword(user: row.id, stored: $0) }
            },
            "secrets.password",
            .fieldInvalid
        )
        try insert(
            rows.flatMap { row in
                row.record.formerPasswords.map { InsertFormerPassword(user: row.id, stored: $0) }
            },
            "secrets.former_passwords",
            .fieldInvalid
        )
        try insert(try rows.flatMap(devices), "secrets.totp_devices", .identifierTaken)
        try insert(rows.flatMap(recoveryCodes), "secrets.recovery_codes", .identifierTaken)
        try insert(rows.compactMap(handle), "user_handle", .identifierTaken)
        try insert(rows.flatMap(passkeys), "passkeys", .identifierTaken)
        let logins = rows.flatMap { row in row.logins.map { $0.row(of: row.id, parts, at: now) } }
        try insert(logins, "external_logins", .identifierTaken)
    }

    func insertMemberships(of rows: [ImportBatch.Planned]) throws {
        try insertAssignments(of: AssignmentKinds.RoleOfUser.self, rows.map { ($0, $0.memberships.roles) })
        try insertAssignments(of: AssignmentKinds.MemberOfGroup.self, rows.map { ($0, $0.memberships.groups) })
    }

    private func insertAssignments<Kind: AssignmentKind>(
        of _: Kind.Type,
        _ rows: [(ImportBatch.Planned, [(id: ID<Kind.Held>, record: CheckedRecord.Membership)])]
    ) throws where Kind.Holder == IDKind.User {
        var new: [InsertAssignment<Kind>] = []
        for (row, memberships) in rows {
            for (id, membership) in memberships {
                let assignment: Assignment<Kind> = membership.assignment(of: id, to: row.id, by: context, at: now)
                if row.before == nil {
                    new.append(InsertAssignment(assignment: assignment))
                } else {
                    try overwrite(assignment)
                }
            }
        }
        try insert(new, "roles", .fieldInvalid)
    }

    /// Gives what may be there already; nobody ceases to be the last who may give a role.
    private func overwrite<Kind: AssignmentKind>(_ assignment: Assignment<Kind>) throws {
        var owned: [RoleID] = []
        if let role = assignment.held as? RoleID { owned = [role] }
        if let group = assignment.held as? GroupID {
            owned = try MembershipFlows.rolesPassedOn(by: group, at: now, transaction)
        }
        try Authority(of: context, at: now, transaction).keepingOwners(of: owned) {
            try transaction.execute(WriteAssignment(assignment: assignment))
        }
    }

    private func devices(of row: ImportBatch.Planned) throws -> [InsertImportedDevice] {
        let store = TOTPStore(parts: parts)
        return try row.record.devices.map { device in
            let record = device.record
            let createdAt = record.createdAt ?? now
            let stored = TOTPDevice(
                id: device.id ?? parts.makeID(),
                userID: row.id,
                name: record.name,
                parameters: record.parameters ?? .standard,
                createdAt: createdAt,
                confirmedAt: record.confirmedAt ?? createdAt,
                lastUsedAt: record.lastUsedAt
            )
            let sealed = try store.sealed(record.secret, for: stored)
            return InsertImportedDevice(device: stored, secret: sealed, lastStep: record.lastStep)
        }
    }

    private func recoveryCodes(of row: ImportBatch.Planned) -> [InsertRecoveryCode] {
        row.record.recoveryCodes.map { code in
            let stored = StoredRecoveryCode(id: code.id ?? parts.makeID(), lookup: code.lookup, hashed: code.hashed)
            return InsertRecoveryCode(code: stored, user: row.id, now: code.createdAt ?? now)
        }
    }

    private func handle(of row: ImportBatch.Planned) -> InsertUserHandle? {
        row.record.record.handle.isEmpty ? nil : InsertUserHandle(user: row.id, handle: row.record.record.handle)
    }

    private func passkeys(of row: ImportBatch.Planned) -> [InsertImportedPasskey] {
        row.record.passkeys.map { passkey in
            InsertImportedPasskey(
                id: passkey.id ?? parts.makeID(),
                user: row.id,
                record: passkey.record,
                now: now
            )
        }
    }
}
