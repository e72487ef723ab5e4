import MariaDB

extension AccountPart {
    /// The profile; where both have one, the one that was chosen, whole.
    static let profile = AccountPart(
        name: "profile",
        tables: ["profiles", "profile_index", "profile_unique_values"],
        move: { merge, transaction in
            let (source, target) = (merge.source.id, merge.target.id)
            guard try transaction.first(LockProfile(user: source)) != nil else { return }
            if try transaction.first(LockProfile(user: target)) != nil {
                guard merge.choices.profile == .source else { return }
                try transaction.execute(DeleteProfile(user: target))
                try transaction.execute(DeleteProfileIndex(user: target))
                try transaction.execute(DeleteProfileUniqueValues(user: target))
            }
            try transaction.execute(MoveProfile(source: source, target: target))
            try transaction.execute(MoveProfileIndex(source: source, target: target))
            try transaction.execute(MoveProfileUniqueValues(source: source, target: target))
        },
        export: { user, transaction in
            guard let profile = try transaction.first(ReadProfile(user: user))?.profile else { return .null }
            return .object(profile.document.values.mapValues(ExportValue.init))
        }
    )
}

/// Gives a profile to another account.
struct MoveProfile: MoveStatement {
    static let sql: SQL = "UPDATE profiles SET user_id = ? WHERE user_id = ?"
    let source: UserID
    let target: UserID
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
