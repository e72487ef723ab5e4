import MariaDB

/// Writes planned rows, table by table.
struct ImportWriter {
    let parts: CoreParts
    let context: CallContext
    let now: Timestamp
    let transaction: Transaction

    func write(_ rows: [ImportBatch.Planned]) throws {
        guard !rows.isEmpty else { return }
        for row in rows { if let before = row.before { try clear(before, for: row) } }
        let made = rows.filter { $0.before == nil }.map { InsertImportedUser(row: userRow(of: $0)) }
        try insert(made, "external_id", .externalIDTaken)
        try insert(rows.flatMap(identifiers), "identifiers", .identifierTaken)
        try insert(rows.compactMap(profile), "profile", .fieldInvalid)
        try insert(rows.flatMap(uniqueValues), "profile", .attributeTaken)
        try insert(rows.flatMap(indexEntries), "profile", .fieldInvalid)
        try transaction.insert(rows.map { InsertTextChange(owner: $0.id, change: parts.makeID()) })
        try insertAuthenticators(of: rows)
        try insertMemberships(of: rows)
        try insert(rows.map(mark), "", .fieldInvalid)
        try AuditStore(parts: parts).append(rows.flatMap(events), context, transaction)
    }

    /// Inserts rows; a duplicate is the row's fault whose field it is.
    func insert<One: Statement>(
        _ rows: [One],
        _ field: String,
        _ reason: ReasonID
    ) throws where One.Row == NoRow {
        do {
            try transaction.insert(rows)
        } catch {
            guard case .duplicateKey = error.code else { throw error }
            throw FlowError(
                .alreadyExists,
                reason: reason,
                message: "another user has this",
                field: field,
                cause: error
            )
        }
    }

    /// The user's own row after the import.
    private func userRow(of row: ImportBatch.Planned) -> UserRow {
        let record = row.record.record
        let before = row.before?.user
        let user = User(
            id: row.id,
            state: record.state,
            stateReason: record.stateReason,
            stateChange: stateChange(of: row),
            lockedUntil: record.isLockedThen ? record.lockedUntil : nil,
            deleteAfter: record.state == .pendingDeletion ? record.deleteAfter : nil,
            externalID: record.externalID.isEmpty ? before?.externalID : record.externalID,
            identifiers: [],
            revision: before.map { $0.revision + 1 } ?? max(1, record.revision),
            createdAt: before?.createdAt ?? record.createdAt ?? now,
            updatedAt: before == nil ? record.updatedAt ?? record.createdAt ?? now : now
        )
        let restoreState = record.restoreState ?? .active
        return UserRow(user: user, restoreState: record.state == .pendingDeletion ? restoreState : nil)
    }

    /// Who put the user into the state: as the record says to administrators, else who imports him.
    private func stateChange(of row: ImportBatch.Planned) -> StateChange? {
        let (record, before) = (row.record.record, row.before?.user)
        if context.heldScopes.isEverything { return record.stateChange }
        let isAsBefore = record.state == before?.state ?? .active && record.stateReason == before?.stateReason ?? ""
        return isAsBefore ? before?.stateChange : StateChange(by: context, at: now)
    }

    /// Ends what an overwritten user has under way, and removes what the row has anew.
    private func clear(_ before: UserRow, for row: ImportBatch.Planned) throws {
        let (user, record) = (row.id, row.record)
        _ = try UserStore(parts: parts).endEverything(of: user, transaction)
        let update = UpdateUser(
            row: userRow(of: row),
            externalID: record.externalID ?? before.user.externalID.flatMap(ExternalID.init),
            readRevision: before.user.revision
        )
        let save = {
            _ = try transaction.execute(update, orOnDuplicate: "users_external_id", throw: .externalIDTaken)
        }
        if record.record.state == .pendingDeletion {
            try Authority(of: context, at: now, transaction).keepingOwners(without: user, save)
        } else {
            try save()
        }
        try transaction.execute(DeleteImportMark(user: user))
        if row.writesNames { try transaction.execute(DeleteIdentifiersOfUser(user: user)) }
        if record.document != nil {
            try transaction.execute(DeleteProfile(user: user))
            try transaction.execute(DeleteProfileIndex(user: user))
            try transaction.execute(DeleteProfileUniqueValues(user: user))
        }
        if record.password != nil { try transaction.execute(DeletePassword(user: user)) }
        if !record.formerPasswords.isEmpty { try transaction.execute(DeleteAllFormerPasswords(user: user)) }
        if !record.devices.isEmpty { try transaction.execute(DeleteTOTPDevices(user: user)) }
        if !record.recoveryCodes.isEmpty { try transaction.execute(DeleteRecoveryCodes(user: user)) }
        if !record.passkeys.isEmpty { try transaction.execute(DeletePasskeys(user: user)) }
        if !record.logins.isEmpty { try transaction.execute(DeleteExternalLogins(user: user)) }
        if !record.record.handle.isEmpty { try transaction.execute(DeleteUserHandle(user: user)) }
    }

    private func identifiers(of row: ImportBatch.Planned) -> [InsertIdentifier] {
        guard row.writesNames else { return [] }
        return row.record.names.enumerated().map { index, name in
            let identifier = UserIdentifier(
                // They are shown in the order of their ids: that in which they were given.
                id: name.id ?? IdentifierID.make(at: now + .microseconds(index), random: parts.random),
                kind: name.name.kind,
                value: name.name.value,
                verifiedAt: name.verifiedAt,
                isPrimary: name.isPrimary
            )
            let createdAt = name.createdAt ?? row.record.record.createdAt ?? now
            return InsertIdentifier(
                identifier: identifier,
                user: row.id,
                canonical: name.name.canonical,
                now: createdAt
            )
        }
    }

    private func profile(of row: ImportBatch.Planned) -> InsertProfile? {
        guard let document = row.record.document, row.profileRevision > 0 else { return nil }
        return InsertProfile(
            user: row.id,
            document: document,
            revision: row.profileRevision,
            updatedAt: row.record.record.profileUpdatedAt ?? now
        )
    }

    private func uniqueValues(of row: ImportBatch.Planned) -> [InsertUniqueValue] {
        (row.record.entries?.claims ?? []).map { InsertUniqueValue(user: row.id, claim: $0) }
    }

    private func indexEntries(of row: ImportBatch.Planned) -> [InsertIndexEntry] {
        (row.record.entries?.entries ?? []).map { InsertIndexEntry(user: row.id, entry: $0) }
    }

    private func mark(of row: ImportBatch.Planned) -> InsertImportMark {
        InsertImportMark(
            user: row.id,
            digest: row.row.digest,
            userRevision: userRow(of: row).user.revision,
            profileRevision: row.profileRevision,
            now: now
        )
    }

    private func events(of row: ImportBatch.Planned) -> [AuditEvent] {
        let record = row.record
        let parts = [
            ("identifiers", row.writesNames), ("profile", record.document != nil),
            ("password", record.password != nil), ("totp", !record.devices.isEmpty),
            ("recovery_codes", !record.recoveryCodes.isEmpty), ("passkeys", !record.passkeys.isEmpty),
        ]
        let details = [
            "outcome": row.before == nil ? "created" : "overwritten",
            "parts": parts.filter(\.1).map(\.0).joined(separator: " "),
        ]
        let roles = row.memberships.roles.map { role in
            given(AssignmentKinds.RoleOfUser.event(row.id, role.id, isGiven: true), role.record)
        }
        let groups = row.memberships.groups.map { group in
            given(AssignmentKinds.MemberOfGroup.event(row.id, group.id, isGiven: true), group.record)
        }
        return [AuditEvent(.userImported, subjectUser: row.id, details: details)] + roles + groups
    }

    private func given(_ event: AuditEvent, _ membership: CheckedRecord.Membership) -> AuditEvent {
        var event = event
        event.details["may_grant"] = "\(membership.record.terms.mayGrant)"
        event.details["expires_at"] = membership.record.terms.expiresAt?.description
        return event
    }
}
