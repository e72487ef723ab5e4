import Cryptography
import MariaDB

/// Writes notices into the outbox, in the transaction of what they tell of.
struct NoticeWriter: Sendable {
    /// How long a notice is tried to be delivered.
    private static let lifetime = Duration.seconds(86_400)

    let parts: CoreParts

    /// Where a user is told: at every e-mail address that he proved, or, where there is none, by short messages to every
    /// telephone that he proved.
    ///
    /// Those cost money and say little, so nobody gets them who reads mail.
    func recipients(of user: UserID, _ transaction: Transaction) throws -> [NoticeRecipient] {
        let mail = try transaction.all(ProvedAddresses(user: user)).map { NoticeRecipient.email($0.identifier.value) }
        guard mail.isEmpty, parts.policy.sms.isEnabled else { return mail }
        let phones = try transaction.all(ProvedPhones(user: user))
        return phones.compactMap { PhoneNumber($0.identifier.value).map(NoticeRecipient.phone) }
    }

    /// Tells a user, wherever he is told.
    func tell(
        _ user: UserID,
        _ notice: AccountNotice,
        languages: String,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws {
        let recipients = try recipients(of: user, transaction)
        try tell(recipients, of: user, notice, languages: languages, at: now, transaction)
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

    /// Tells some of the addresses of a user; telephones only as long as short messages to him are within their budget.
    func tell(
        _ recipients: [NoticeRecipient],
        of user: UserID,
        _ notice: AccountNotice,
        languages: String,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws {
        for recipient in recipients {
            if case .phone(let number) = recipient, try !admits(number, of: user, at: now, transaction) { continue }
            try tell(recipient, of: user, notice, undo: nil, languages: languages, at: now, transaction)
        }
    }

    /// Tells one address, with the secret that takes the change back, if there is one.
    ///
    /// Counts nothing: for what nobody can do again and again without a proof that is counted itself.
    func tell(
        _ recipient: NoticeRecipient,
        of user: UserID,
        _ notice: AccountNotice,
        undo: SecretBytes?,
        languages: String,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws {
        let message: OutboxMessage
        switch recipient {
        case .email(let address):
            message = OutboxMessage(
                recipient: address,
                languages: languages,
                content: undo.map { .undoableNotice(notice, $0) } ?? .notice(notice),
                isDecoy: false
            )
        case .phone(let number):
            guard parts.policy.sms.serves(number.canonical) else { return }
            message = OutboxMessage(
                recipient: String(decoding: number.canonical, as: UTF8.self),
                languages: languages,
                content: .textNotice(notice, undo),
                isDecoy: false
            )
        }
        let outbox = OutboxStore(keyRing: parts.keyRing, random: parts.random)
        try outbox.enqueue(message, about: user, at: now, expiresAt: now + Self.lifetime, transaction)
    }

    /// Counts a short message, together with the codes that are sent to others, whose cap of the day it shares.
    private func admits(
        _ number: PhoneNumber,
        of user: UserID,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> Bool {
        let keys = ThrottleKeys(keyRing: parts.keyRing)
        let budget = DeliveryBudget(parts.policy.sms)
        let ofAccount = keys.subject(
            .noticesOfAccount,
            label: SignInMethodName.smsCode.rawValue,
            identity: ThrottledAccount.user(user).identity,
            userID: user,
            rule: budget.perAccount
        )
        let ofAll = keys.smsSubjects(budget, number: number.canonical, parts)
        let store = ThrottleStore(policy: parts.policy.throttling)
        guard case .admitted = try store.count([ofAccount] + ofAll, at: now, transaction) else { return false }
        return true
    }

    /// Tells whoever has a name that somebody tried, at the main address that they proved, whichever was tried.
    ///
    /// By mail alone: strangers who fail would else send short messages at our cost.
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
