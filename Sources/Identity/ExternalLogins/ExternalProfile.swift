import JSON
import MariaDB
import OpenIDConnect

/// Writes what a provider tells of a person into his profile, as the provider's settings say.
struct ExternalProfile: Sendable {
    let parts: CoreParts

    /// `isNew`: the account was made by this sign-in.
    ///
    /// A value that the schema refuses, or that somebody else has, is left out: a provider's odd claim keeps nobody from
    /// signing in.
    func write(
        _ person: ExternalPerson,
        _ map: ClaimMap,
        to user: UserID,
        isNew: Bool,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws {
        guard isNew || map.attributes.contains(where: { $0.refresh != .never }) else { return }
        let schema = try parts.profileSchemas.held(transaction)
        var document = try transaction.first(ReadProfile(user: user))?.profile.document ?? ProfileDocument()
        var changes = ProfileChanges()
        for attribute in map.attributes {
            guard let path = AttributePath(attribute.attribute), let value = person.claims[path: attribute.claim],
                isDue(attribute, path, document, isNew: isNew),
                try isFree(value, at: path, for: user, schema, transaction)
            else { continue }
            let change = ProfileChanges(values: [(path: path, value: value)])
            var tried = document
            guard (try? ProfileStore.change(&tried, change, .server, schema)) != nil else { continue }
            document = tried
            changes.values += change.values
        }
        guard !changes.values.isEmpty else { return }
        let store = ProfileStore(parts: parts)
        _ = try store.apply(changes, to: user, as: .server, by: schema, at: now, transaction)
    }

    private func isDue(
        _ attribute: ClaimMap.Attribute,
        _ path: AttributePath,
        _ document: ProfileDocument,
        isNew: Bool
    ) -> Bool {
        switch attribute.refresh {
        case .always: true
        case .ifEmpty: document[path] == nil
        case .never: isNew
        }
    }

    private func isFree(
        _ value: JSONValue,
        at path: AttributePath,
        for user: UserID,
        _ schema: ProfileSchema,
        _ transaction: Transaction
    ) throws -> Bool {
        guard let attribute = schema[path] else { return false }
        guard attribute.isUnique else { return true }
        guard let key = AttributeValue(value, attribute.kind)?.sortKey else { return false }
        let unique = SignInIdentity.UniqueValue(attribute: attribute.number, hash: ProfileIndexEntries.hash(key))
        let owner = try transaction.first(FindOwnerOfValue(value: unique))
        return owner == nil || owner == user
    }
}
