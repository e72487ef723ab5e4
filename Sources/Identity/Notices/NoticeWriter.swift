import Cryptography
import MariaDB

/// Writes notices into the outbox, in the transaction of what they tell of.
struct NoticeWriter: Sendable {
    /// How long a notice is tried to be delivered.
    private static let lifetime = Duration.seconds(86_400)

    let parts: CoreParts

    /// Tells a user, at every e-mail address that he proved.
    func tell(
        _ user: UserID,
        _ notice: AccountNotice,
        languages: String,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws {
        for address in try transaction.all(ProvedAddresses(user: user)) {
            try enqueue(
                notice,
                to: address.identifier.value,
                about: user,
                languages,
                isDecoy: false,
                at: now,
                transaction
            )
        }
    }

    /// Tells a user what the actor of a call did.
    func tell(
        _ user: UserID,
        _ kind: AccountNotice.Kind,
        _ context: CallContext,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws {
        let notice = AccountNotice(kind, at: now, by: context)
        try tell(user, notice, languages: context.languages, at: now, transaction)
    }

    /// Tells one address, with the secret that takes the change back, if there is one.
    func tell(
        _ address: String,
        of user: UserID,
        _ notice: AccountNotice,
        undo: SecretBytes?,
        languages: String,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws {
        let message = OutboxMessage(
            recipient: address,
            languages: languages,
            content: undo.map { .undoableNotice(notice, $0) } ?? .notice(notice),
            isDecoy: false
        )
        let outbox = OutboxStore(keyRing: parts.keyRing, random: parts.random)
        try outbox.enqueue(message, about: user, at: now, expiresAt: now + Self.lifetime, transaction)
    }

    /// Tells whoever has a name that somebody tried, at the main address that they proved, whichever was tried.
    ///
    /// For a name that nobody has, and a person who proved none, the same one message is written, and the worker drops it
    /// (SECURITY EN-02).
    func tellOwner(
        of identity: SignInIdentity,
        _ notice: AccountNotice,
        languages: String,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws {
        let user = identity.owner?.userID
        let proved = try transaction.all(ProvedAddresses(user: user ?? .zero))
        let main = (proved.first(where: \.isPrimary) ?? proved.first)?.identifier.value
        let address = main ?? identity.value
        try enqueue(notice, to: address, about: user, languages, isDecoy: main == nil, at: now, transaction)
    }

    private func enqueue(
        _ notice: AccountNotice,
        to address: String,
        about user: UserID?,
        _ languages: String,
        isDecoy: Bool,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws {
        let message = OutboxMessage(
            recipient: address,
            languages: languages,
            content: .notice(notice),
            isDecoy: isDecoy
        )
        let outbox = OutboxStore(keyRing: parts.keyRing, random: parts.random)
        try outbox.enqueue(message, about: user, at: now, expiresAt: now + Self.lifetime, transaction)
    }
}
