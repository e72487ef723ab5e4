import MariaDB

extension CoreParts {
    /// Tells the index of parts that what a user is searched by changed: names, external id, or texts of the profile.
    ///
    /// Whoever writes any of these calls this in the same transaction: from then on every search looks at the user himself,
    /// until his run is packed anew.
    func textsChanged(of user: UserID, _ transaction: Transaction) throws {
        try transaction.execute(InsertTextChange(owner: user, change: makeID()))
    }

    /// Has what is packed of a user who is erased thrown away at the next turn, before anything else.
    func textsErased(of user: UserID, _ transaction: Transaction) throws {
        try transaction.execute(InsertTextChange(owner: user, change: .zero))
    }
}
