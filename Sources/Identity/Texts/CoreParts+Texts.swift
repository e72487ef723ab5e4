import MariaDB

extension CoreParts {
    /// Tells the index of parts that what a user is searched by changed: names, external id, or texts of the profile.
    ///
    /// Whoever writes any of these calls this in the same transaction: from then on every search looks at the user himself,
    /// until his run is packed anew.
    func textsChanged(of user: UserID, _ transaction: Transaction) throws {
        try transaction.execute(InsertTextChange(owner: user, change: makeID()))
    }

    /// Has what is packed of a user who is erased thrown away at the next turn, seconds later: the change is so old that it
    /// waits for no other one.
    ///
    /// Until then his place in a run is that of a candidate and no more: whoever is found by parts of a text is looked up in
    /// `users` before he comes out of a search (`SearchWalk`), and there he is no longer. What the run still holds is the
    /// three bytes that some text of his has somewhere, mixed with those of all others of the run.
    func textsErased(of user: UserID, _ transaction: Transaction) throws {
        try transaction.execute(InsertTextChange(owner: user, change: .zero))
    }
}
