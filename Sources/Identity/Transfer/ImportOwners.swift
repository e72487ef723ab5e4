import MariaDB

/// Who has the ids and names of records.
struct ImportOwners {
    /// Somebody who has anything of a record, and the first of its fields that tells.
    struct Owner: Sendable {
        let user: UserID
        let field: String
        let reason: ReasonID
    }

    private var byID: Set<UserID> = []
    private var byExternalID: [ExternalID: UserID] = [:]
    private var byName: [LoginKey: UserID] = [:]

    init() {}

    init(of records: [CheckedRecord], _ transaction: Transaction) throws(DatabaseError) {
        byID = Set(try transaction.all(UsersWithID.self, records.compactMap(\.id)).map(\.user))
        for row in try transaction.all(UsersWithExternalID.self, records.compactMap(\.externalID)) {
            byExternalID[row.key] = row.user
        }
        let names = records.flatMap { $0.names.map(\.name) }
        try find(UsersWithEmail.self, .email, names, transaction)
        try find(UsersWithPhone.self, .phone, names, transaction)
        try find(UsersWithUsername.self, .username, names, transaction)
    }

    /// Everybody who was found.
    var users: Set<UserID> { byID.union(byExternalID.values).union(byName.values) }

    /// The users who have anything of a record.
    func owners(of record: CheckedRecord) -> [Owner] {
        var found: [Owner] = []
        func add(_ user: UserID?, _ field: String, _ reason: ReasonID) {
            guard let user, !found.contains(where: { $0.user == user }) else { return }
            found.append(Owner(user: user, field: field, reason: reason))
        }
        if let id = record.id, byID.contains(id) { add(id, "id", .userThere) }
        if let externalID = record.externalID { add(byExternalID[externalID], "external_id", .externalIDTaken) }
        for (index, name) in record.names.enumerated() {
            add(byName[LoginKey(name.name)], "identifiers[\(index)].value", .identifierTaken)
        }
        return found
    }

    private mutating func find<Read: KeyedRead>(
        _: Read.Type,
        _ kind: IdentifierKind,
        _ names: [LoginName],
        _ transaction: Transaction
    ) throws(DatabaseError) where Read.Key == [UInt8], Read.Row == (key: [UInt8], user: UserID) {
        let keys = names.filter { $0.kind == kind }.map(\.canonical)
        for row in try transaction.all(Read.self, keys) {
            byName[LoginKey(kind: kind, canonical: row.key)] = row.user
        }
    }
}
