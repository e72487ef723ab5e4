import MariaDB

extension UserFlows {
    /// Most users that one search finds.
    package static let maximumFound = 100

    /// Users whom a text could mean, for one box in which people type: an id, or the beginning of an e-mail address, phone
    /// number, login name, external id or name.
    ///
    /// Whose id it is comes first, then addresses, login names, phone numbers, external ids and names, each in their order.
    /// `limit` is 1 to 100; 0 means 20. There are no pages: who sees too many types on.
    package func search(_ text: String, limit: UInt32 = 0, _ context: CallContext) async throws(FlowError) -> [User] {
        try context.require(.usersRead)
        guard limit <= UInt32(Self.maximumFound) else {
            throw .invalid("limit", .pageSizeInvalid, "limit must be at most \(Self.maximumFound); 0 means 20")
        }
        guard let query = UserQuery(text) else {
            throw .invalid("query", .fieldInvalid, "query must have 1 to 200 characters without controls")
        }
        let (parts, count) = (parts, limit == 0 ? 20 : Int(limit))
        let rights = ProfileRights(context)
        let rows = try await parts.read(context) { transaction in
            let schema = try parts.profileSchemas.current(transaction)
            let attributes = ["name", "family_name", "given_name"].compactMap(schema.attribute)
                .filter { $0.isQueryable && rights.mayRead($0) }
            return try query.rows(attributes: attributes.map(\.number), limit: count, transaction)
        }
        let now = parts.clock.now()
        var seen: Set<UserID> = []
        let users = rows.map(\.user).filter { seen.insert($0.id).inserted }
        return users.prefix(count).map { $0.effective(at: now) }
    }
}

/// What somebody typed to find a person, by the keys under which it could be found.
struct UserQuery: Sendable {
    private let id: UserID?
    private let names: [(kind: IdentifierKind, prefix: KeyPrefix)]
    private let externalID: KeyPrefix?
    private let value: KeyPrefix?

    /// Reads 1 to 200 characters, white space at the ends aside; nil for anything else.
    init?(_ text: String) {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return nil }
        let typed = String(scalars[first...last])
        guard typed.unicodeScalars.count <= 200,
            !typed.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }),
            let folded = AttributeValue.folded(typed)
        else { return nil }
        id = UserID(text: typed)
        externalID = KeyPrefix(Array(typed.utf8))
        value = KeyPrefix(folded)
        var keys: [(IdentifierKind, [UInt8])] = []
        // The domain of a whole address has a key of its own (IDNA).
        keys.append((.email, EmailAddress(typed)?.canonical ?? folded))
        keys.append((.username, Username(typed)?.canonical ?? folded))
        if let digits = Self.digits(typed) { keys.append((.phone, digits)) }
        names = keys.compactMap { kind, key in KeyPrefix(key).map { (kind, $0) } }
    }

    /// What a phone number begins with; nil for what begins none.
    private static func digits(_ text: String) -> [UInt8]? {
        guard text.utf8.first == UInt8(ascii: "+") else { return nil }
        let digits = text.utf8.dropFirst().filter { (0x30...0x39).contains($0) }
        let others = text.utf8.dropFirst().filter { !(0x30...0x39).contains($0) && !" -.()".utf8.contains($0) }
        return digits.isEmpty || !others.isEmpty ? nil : [UInt8(ascii: "+")] + digits
    }

    /// The users found, the likeliest first; some may come twice.
    func rows(attributes: [UInt32], limit: Int, _ transaction: Transaction) throws -> [UserRow] {
        var rows: [UserRow] = []
        if let id, let row = try transaction.first(ReadUser(id: id)) { rows.append(row) }
        for (kind, prefix) in names {
            rows += try transaction.all(UsersByNamePrefix(kind: kind, prefix: prefix, limit: limit))
        }
        if let externalID {
            rows += try transaction.all(UsersByExternalIDPrefix(prefix: externalID, limit: limit))
        }
        guard let value else { return rows }
        for attribute in attributes {
            rows += try transaction.all(UsersByValuePrefix(attribute: attribute, prefix: value, limit: limit))
        }
        return rows
    }
}
