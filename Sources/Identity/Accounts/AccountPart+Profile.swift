import MariaDB

extension AccountPart {
    /// The profile; where both have one, the one that was chosen, whole.
    static let profile = AccountPart(
        name: "profile",
        tables: ["profiles", "profile_index", "profile_unique_values"],
        move: { merge, transaction in
            let (source, target) = (merge.source.id, merge.target.id)
            guard let moved = try transaction.first(LockProfile(user: source)) else { return }
            let own = try transaction.first(LockProfile(user: target))
            if own != nil {
                guard merge.choices.profile == .source else { return }
                try transaction.execute(DeleteProfile(user: target))
                try transaction.execute(DeleteProfileIndex(user: target))
                try transaction.execute(DeleteProfileUniqueValues(user: target))
            }
            // Beyond both: whoever read either of them sees that it is another one now.
            let revision = max(moved.revision, own?.revision ?? 0) + 1
            try transaction.execute(MoveProfile(source: source, target: target, revision: revision))
            try transaction.execute(MoveProfileIndex(source: source, target: target))
            try transaction.execute(MoveProfileUniqueValues(source: source, target: target))
        },
        export: { user, transaction in
            guard let profile = try transaction.first(ReadProfile(user: user))?.profile else { return .null }
            return .object(profile.document.values.mapValues(ExportValue.init))
        },
        exportToPerson: { user, parts, transaction in
            guard let row = try transaction.first(ReadProfile(user: user)) else { return .null }
            let schema = try parts.profileSchemas.schema(row.schemaVersion, transaction)
            // What is kept from him on every other way is kept from him here.
            let values = row.profile.visible(by: schema, to: .person).values
            return .object(Dictionary(values.map { ($0.path.root, ExportValue($0.value)) }) { first, _ in first })
        }
    )
}

/// Gives a profile to another account.
struct MoveProfile: Statement {
    static let sql: SQL = "UPDATE profiles SET user_id = ?, revision = ? WHERE user_id = ?"
    let source: UserID
    let target: UserID
    let revision: UInt64

    func bind(to parameters: inout Parameters) {
        parameters.append(target)
        parameters.append(revision)
        parameters.append(source)
    }
}

/// Gives what is searched of a profile to another account.
struct MoveProfileIndex: MoveStatement {
    static let sql: SQL = "UPDATE profile_index SET user_id = ? WHERE user_id = ?"
    let source: UserID
    let target: UserID
}

/// Gives the unique values of a profile to another account.
struct MoveProfileUniqueValues: MoveStatement {
    static let sql: SQL = "UPDATE profile_unique_values SET user_id = ? WHERE user_id = ?"
    let source: UserID
    let target: UserID
}

/// Removes a profile.
struct DeleteProfile: Statement {
    static let sql: SQL = "DELETE FROM profiles WHERE user_id = ?"
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
}

/// Removes what is searched of a profile.
struct DeleteProfileIndex: Statement {
    static let sql: SQL = "DELETE FROM profile_index WHERE user_id = ?"
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
}

/// Gives up the unique values of a profile.
struct DeleteProfileUniqueValues: Statement {
    static let sql: SQL = "DELETE FROM profile_unique_values WHERE user_id = ?"
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
}
