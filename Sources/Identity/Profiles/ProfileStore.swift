import MariaDB

/// The rows of profiles and of their index; every method runs in the caller's transaction.
struct ProfileStore: Sendable {
    let parts: CoreParts

    /// A profile as it is stored after a change, and whether the change changed it.
    struct Written {
        let profile: StoredProfile
        let isChanged: Bool
    }

    /// Writes some values of a user, with what the index holds of them; returns what is stored then, nil when there is
    /// no such user.
    ///
    /// Throws all problems of all values together, and then nothing is written.
    func apply(
        _ changes: ProfileChanges,
        to user: UserID,
        as rights: ProfileRights,
        expectedRevision: UInt64? = nil,
        by schema: ProfileSchema,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> Written? {
        guard let state = try transaction.first(LockProfileOwner(user: user)) else { return nil }
        guard state != .pendingDeletion else { throw FlowError.userStateUnsuitable }
        let found = try transaction.first(LockProfile(user: user))
        let before = StoredProfile(
            userID: user,
            document: found?.document ?? .init(),
            revision: found?.revision ?? 0,
            updatedAt: found?.updatedAt
        )
        if let expectedRevision, expectedRevision != before.revision {
            throw FlowError.revisionConflict(current: before.revision)
        }
        var after = before
        let changed = try Self.change(&after.document, changes, rights, schema)
        guard after.document != before.document else { return Written(profile: before, isChanged: false) }
        after.revision += 1
        after.updatedAt = now
        try transaction.execute(
            PutProfile(user: user, document: after.document, revision: after.revision, now: now)
        )
        let attributes = schema.attributes.filter { changed.contains($0.path.root) }
        try index(after.document, of: user, attributes, transaction)
        return Written(profile: after, isChanged: true)
    }

    /// Makes what the index holds of these attributes equal to the document.
    private func index(
        _ document: ProfileDocument,
        of user: UserID,
        _ attributes: [ProfileAttribute],
        _ transaction: Transaction
    ) throws {
        let indexed = attributes.filter(\.isIndexed)
        for attribute in indexed {
            try transaction.execute(DeleteIndexEntries(user: user, attribute: attribute.number))
            guard attribute.isUnique else { continue }
            try transaction.execute(DeleteUniqueValues(user: user, attribute: attribute.number))
        }
        let taken = try add(ProfileIndexEntries(of: document, attributes: indexed), of: user, transaction)
        guard taken.isEmpty else { throw FlowError.attributesTaken(taken) }
    }

    /// Adds index rows; returns the attributes whose value another user has, for which nothing was added.
    func add(
        _ entries: ProfileIndexEntries,
        of user: UserID,
        _ transaction: Transaction
    ) throws -> [AttributePath] {
        var taken: [AttributePath] = []
        for claim in entries.claims where try !transaction.insertIfNew(InsertUniqueValue(user: user, claim: claim)) {
            taken.append(claim.path)
        }
        if !entries.entries.isEmpty {
            try transaction.execute(InsertIndexEntries(user: user, entries: entries.entries))
        }
        try parts.textsChanged(of: user, transaction)
        return taken
    }

    /// Applies the changes to a document; returns the codes of the outermost attributes that they touch.
    static func change(
        _ document: inout ProfileDocument,
        _ changes: ProfileChanges,
        _ rights: ProfileRights,
        _ schema: ProfileSchema
    ) throws(FlowError) -> Set<String> {
        var validation = ProfileValidation(schema)
        var roots: Set<String> = []
        for (path, value) in changes.values {
            guard let attribute = schema[path], rights.mayRead(attribute) || rights.mayWrite(attribute),
                path.parents.allSatisfy({ schema[$0]?.isMulti == false })
            else {
                validation.add(path, .attributeUnknown, "is not an attribute that this caller sees")
                continue
            }
            guard rights.mayWrite(attribute) else {
                validation.add(path, .attributeReadOnly, "may not be written by this caller")
                continue
            }
            document.set(value.flatMap { validation.stored($0, as: attribute) }, at: path)
            roots.insert(path.root)
        }
        for path in changes.values.map(\.path) {
            validation.require(path, in: document)
            // A value written into an object that has others, too, must leave it whole.
            for parent in path.parents where document[parent] != nil {
                for child in schema.children(of: parent) { validation.require(child.path, in: document) }
            }
            for parent in path.parents { validation.require(parent, in: document) }
        }
        document.keep(Set(schema.children(of: nil).map(\.path.root)))
        guard validation.problems.isEmpty else { throw .invalid(validation.problems) }
        guard document.text.utf8.count <= ProfileDocument.maximumByteCount else { throw .profileTooLarge }
        return roots
    }
}

extension FlowError {
    static let profileTooLarge = FlowError.invalid(
        "profile",
        .profileTooLarge,
        "all values together must have at most \(ProfileDocument.maximumByteCount) bytes of JSON"
    )

    static func attributesTaken(_ paths: [AttributePath]) -> FlowError {
        let fields = paths.map(ProfileValidation.field)
        return FlowError(
            .alreadyExists,
            reason: .attributeTaken,
            message: fields.map { "\($0): another user has this value" }.joined(separator: "; "),
            field: fields.first
        )
    }
}
