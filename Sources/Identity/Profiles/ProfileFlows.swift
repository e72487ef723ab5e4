package import JSON
import MariaDB

/// What can be asked of and written to profiles (PRODUCT section 3).
///
/// A person sees and writes what the schema gives to users; a service account what it gives to administrators.
package struct ProfileFlows: Sendable {
    let parts: CoreParts

    /// The profile of a user; empty where nothing was written yet.
    package func get(_ user: UserID, _ context: CallContext) async throws(FlowError) -> Profile {
        try context.requireAccess(to: user, .profilesRead)
        let (parts, rights) = (parts, ProfileRights(context))
        let profile = try await parts.read(context) { transaction -> Profile? in
            guard let row = try transaction.first(ReadProfile(user: user)) else { return nil }
            let schema = try parts.profileSchemas.schema(row.schemaVersion, transaction)
            return row.profile.visible(by: schema, to: rights)
        }
        guard let profile else { throw .notFound }
        return profile
    }

    /// Writes the values that `changes` names, all or none; tells all problems at once.
    package func update(
        _ user: UserID,
        _ changes: ProfileChanges,
        expectedRevision: UInt64? = nil,
        _ context: CallContext
    ) async throws(FlowError) -> Profile {
        try context.requireAccess(to: user, .profilesWrite)
        let (parts, rights) = (parts, ProfileRights(context))
        return try await parts.mutate(context) { transaction in
            let now = parts.clock.now()
            try parts.requireAuthority(over: user, context, transaction)
            let schema = try parts.profileSchemas.held(transaction)
            let written = try ProfileStore(parts: parts).apply(
                changes,
                to: user,
                as: rights,
                expectedRevision: expectedRevision,
                by: schema,
                at: now,
                transaction
            )
            guard let written else { throw FlowError.notFound }
            if written.isChanged {
                let codes = Set(changes.values.map(\.path.root)).sorted().prefix(50).joined(separator: " ")
                let event = AuditEvent(.profileUpdated, subjectUser: user, details: ["attributes": codes])
                try AuditStore(parts: parts).append(event, context, transaction)
            }
            return written.profile.visible(by: schema, to: rights)
        }
    }

    /// The user who has this value of a unique attribute; who asks may read profiles, too, since the answer tells of one.
    package func findUser(
        by path: AttributePath,
        _ value: JSONValue,
        _ context: CallContext
    ) async throws(FlowError) -> User {
        try context.require(.usersRead)
        try context.require(.profilesRead)
        let (parts, rights) = (parts, ProfileRights(context))
        let row = try await parts.read(context) { transaction in
            let schema = try parts.profileSchemas.current(transaction)
            guard let attribute = schema[path], attribute.isUnique, rights.mayRead(attribute) else {
                throw FlowError.invalid("attribute.path", .attributeUnknown, "is not a unique attribute")
            }
            guard let key = AttributeValue(value, attribute.kind)?.sortKey else {
                throw FlowError.invalid("attribute.value", .attributeKind, "must be \(attribute.kind.noun)")
            }
            let hash = ProfileIndexEntries.hash(key)
            return try transaction.first(UserByUniqueValue(attribute: attribute.number, valueHash: hash))
        }
        guard let row else { throw .notFound }
        return row.user.effective(at: parts.clock.now())
    }
}
