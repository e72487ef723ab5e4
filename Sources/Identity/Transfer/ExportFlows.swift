import JSON
import MariaDB

/// What can be done to move whole users out of the server (PRODUCT section 11).
package struct ExportFlows: Sendable {
    let parts: CoreParts

    private static let pageSize = 200

    /// Gives `send` the schema, all roles and groups, and then all users in the order of their ids, in batches.
    ///
    /// Each user is as he was at one moment, and not all at the same one: that would keep a transaction open for as long as the
    /// caller takes to read a million users, with a connection of its own and all that is overwritten meanwhile. What holds
    /// between users is kept all the same: roles and groups are called as the directory calls them, and whatever was made after
    /// it is left out, so that what was exported can be imported.
    ///
    /// Needs `export.users`, and `export.secrets` to have passwords, authenticator keys and recovery codes among it. That it was
    /// done is in the audit trail before the first user is read, and how many there were when it ends.
    ///
    /// - Parameters:
    ///   - withSecrets: Whether to read what must be known to nobody but the server; the caller seals it.
    ///   - first: Begins behind this user, without the directory.
    ///   - context: Who asks.
    ///   - send: Takes a batch.
    /// - Throws: `FlowError`, or what `send` throws.
    package func all(
        withSecrets: Bool,
        after first: UserID?,
        _ context: CallContext,
        _ send: (ExportBatch) async throws -> Void
    ) async throws {
        try context.require(.exportUsers)
        if withSecrets { try context.require(.exportSecrets) }
        try await record(["secrets": "\(withSecrets)", "state": "begun"], context)
        let directory = try await parts.snapshot(context.limited(to: .seconds(60))) { transaction in
            try ExportDirectory(parts: parts, transaction: transaction).read()
        }
        if first == nil { try await send(.directory(directory.records)) }
        var (position, count) = (first ?? .zero, 0)
        while true {
            let after = position
            let step = context.limited(to: .seconds(60))
            let page = try await parts.transaction(step) { transaction in
                try ExportPage(parts: parts, withSecrets: withSecrets, directory: directory).read(
                    after: after,
                    limit: Self.pageSize,
                    transaction
                )
            }
            guard let last = page.last else { break }
            position = last.id
            count += page.count
            try await send(.users(page.map(\.record)))
        }
        try await record(["secrets": "\(withSecrets)", "state": "finished", "users": "\(count)"], context)
    }

    private func record(_ details: [String: String], _ context: CallContext) async throws(FlowError) {
        let parts = parts
        try await parts.transaction(context.limited(to: .seconds(60))) { transaction in
            try AuditStore(parts: parts).append(AuditEvent(.usersExported, details: details), context, transaction)
        }
    }
}

/// What an export sends at once.
package enum ExportBatch: Sendable {
    case directory([DirectoryRecord])
    case users([UserRecord])
}

/// One page of an export.
struct ExportPage: Sendable {
    let parts: CoreParts
    let withSecrets: Bool
    /// What roles and groups are called.
    let directory: ExportDirectory.Found

    /// Everything about the next users; all of it is read in one transaction, and so fits together.
    func read(
        after: UserID,
        limit: Int,
        _ transaction: Transaction
    ) throws -> [(id: UserID, record: UserRecord)] {
        let users = try transaction.all(ListUsers(after: after, limit: limit))
        guard let last = users.last?.user.id else { return [] }
        let range = ExportRange(after: after, last: last)
        let names = try transaction.byUser(ExportNames(range: range))
        let profiles = try transaction.byUser(ExportProfiles(range: range))
        let roles = try transaction.byUser(ExportMemberships<AssignmentKinds.RoleOfUser>(range: range))
        let groups = try transaction.byUser(ExportMemberships<AssignmentKinds.MemberOfGroup>(range: range))
        let handles = try transaction.byUser(ExportHandles(range: range))
        let passkeys = try transaction.byUser(ExportPasskeys(range: range))
        let logins = try transaction.byUser(ExportLogins(range: range))
        let secrets = withSecrets ? try secrets(range, transaction) : [:]
        return users.map { row in
            let id = row.user.id
            var record = UserRecord(row)
            record.identifiers = (names[id] ?? []).sorted { $0.id < $1.id }
            if let profile = profiles[id]?.first {
                record.profile = ProfileDocument.object(profile.document.values)
                record.profileRevision = profile.revision
                record.profileUpdatedAt = profile.updatedAt
            }
            record.roles = (roles[id] ?? []).compactMap { $0.named(directory.roles) }.sorted { $0.name < $1.name }
            record.groups = (groups[id] ?? []).compactMap { $0.named(directory.groups) }.sorted { $0.name < $1.name }
            record.handle = handles[id]?.first ?? []
            record.passkeys = (passkeys[id] ?? []).sorted { $0.id < $1.id }
            record.externalLogins = (logins[id] ?? []).sorted { $0.id < $1.id }
            record.secrets = secrets[id] ?? .init()
            return (id: id, record: record)
        }
    }

    private func secrets(
        _ range: ExportRange,
        _ transaction: Transaction
    ) throws -> [UserID: UserRecord.Secrets] {
        var found: [UserID: UserRecord.Secrets] = [:]
        for (user, passwords) in try transaction.byUser(ExportPasswords(range: range)) {
            found[user, default: .init()].password = passwords.first
        }
        for (user, passwords) in try transaction.byUser(ExportFormerPasswords(range: range)) {
            // By the primary key they come oldest first.
            found[user, default: .init()].formerPasswords = passwords.reversed()
        }
        let store = TOTPStore(parts: parts)
        for (user, devices) in try transaction.byUser(ExportTOTPDevices(range: range)) {
            found[user, default: .init()].totpDevices = try devices.map { try UserRecord.Device($0, from: store) }
        }
        for (user, codes) in try transaction.byUser(ExportRecoveryCodes(range: range)) {
            found[user, default: .init()].recoveryCodes = codes.sorted { $0.id < $1.id }
        }
        return found
    }
}

extension UserRecord {
    /// The user's own row.
    fileprivate init(_ row: UserRow) {
        self.init()
        let user = row.user
        id = user.id.description
        externalID = user.externalID ?? ""
        state = user.state
        stateReason = user.stateReason
        stateChange = user.stateChange
        lockedUntil = user.lockedUntil
        deleteAfter = user.deleteAfter
        restoreState = row.restoreState
        revision = user.revision
        createdAt = user.createdAt
        updatedAt = user.updatedAt
    }
}

extension UserRecord.Device {
    fileprivate init(_ row: TOTPRow, from store: TOTPStore) throws {
        self.init(secret: try store.secret(of: row))
        let device = row.device
        id = device.id.description
        name = device.name
        parameters = device.parameters
        lastStep = row.lastStep
        createdAt = device.createdAt
        confirmedAt = device.confirmedAt
        lastUsedAt = device.lastUsedAt
    }
}
