import Cryptography
import MariaDB

/// The rows of service accounts and their credentials, in the caller's transaction.
struct ServiceAccountStore: Sendable {
    let parts: CoreParts

    /// Live tokens of one account at a time: the one in use and its successor.
    static let maximumLiveTokens = 2

    func insert(_ account: ServiceAccount, _ transaction: Transaction) throws {
        let canonical = UniqueName(account.name)?.canonical ?? []
        let statement = InsertServiceAccount(account: account, canonicalName: canonical)
        try transaction.execute(statement, orOnDuplicate: "service_accounts_name", throw: .serviceAccountNameTaken)
        try insertCertificateNames(account, transaction)
    }

    /// Writes an account whose revision was `readRevision`; certificate names only when they changed.
    func update(
        _ account: ServiceAccount,
        readRevision: UInt64,
        writesCertificateNames: Bool,
        _ transaction: Transaction
    ) throws {
        let canonical = UniqueName(account.name)?.canonical ?? []
        let statement = UpdateServiceAccount(account: account, canonicalName: canonical, readRevision: readRevision)
        let written = try transaction.execute(
            statement,
            orOnDuplicate: "service_accounts_name",
            throw: .serviceAccountNameTaken
        )
        guard written == 1 else { throw DatabaseError(.deadlock, "a locked service account changed under us") }
        guard writesCertificateNames else { return }
        try transaction.execute(DeleteCertificateNames(account: account.id))
        try insertCertificateNames(account, transaction)
    }

    /// Makes a token of an account; what is stored of it is a hash.
    func makeToken(
        for account: ServiceAccountID,
        lifetime: Duration,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> IssuedServiceToken {
        let token = ServiceToken(id: parts.makeID(), createdAt: now, expiresAt: now + lifetime, lastUsedAt: nil)
        let (secret, hash) = TokenText.make(.serviceToken, random: parts.random)
        try transaction.execute(InsertServiceToken(token: token, account: account, hash: hash))
        return IssuedServiceToken(token: token, secret: secret)
    }

    /// Refuses, by rolling back, a change after which nobody is left who has all rights and can prove it (SECURITY ADM-06).
    ///
    /// The guard makes such changes wait for each other, so of two administrators who remove each other one stays. Where nobody
    /// was left before (the last token ran out), nothing is refused.
    func keepingAnAdministrator<R>(_ transaction: Transaction, _ change: () throws -> R) throws -> R {
        try transaction.execute(TakeAdministratorGuard())
        let find = FindUsableAdministrator(now: parts.clock.now())
        let hadOne = try transaction.first(find) != nil
        let result = try change()
        guard try !hadOne || transaction.first(find) != nil else { throw FlowError.lastAdministrator }
        return result
    }

    /// Counts a change of an account's tokens as a change of the account.
    func touch(_ account: ServiceAccount, at now: Timestamp, _ transaction: Transaction) throws {
        var touched = account
        touched.revision += 1
        touched.updatedAt = now
        try update(touched, readRevision: account.revision, writesCertificateNames: false, transaction)
    }

    private func insertCertificateNames(_ account: ServiceAccount, _ transaction: Transaction) throws {
        for (index, name) in account.certificateNames.enumerated() {
            let statement = InsertCertificateName(name: name, account: account.id)
            guard try transaction.insertIfNew(statement) else { throw FlowError.certificateNameTaken(index: index) }
        }
    }
}

extension FlowError {
    static let lastAdministrator = FlowError(
        .failedPrecondition,
        reason: .lastAdministrator,
        message: "nobody would be left who has all rights and a credential"
    )

    static let serviceAccountNameTaken = FlowError(
        .alreadyExists,
        reason: .serviceAccountNameTaken,
        message: "another service account has this name",
        field: "name"
    )

    static func certificateNameTaken(index: Int) -> FlowError {
        FlowError(
            .alreadyExists,
            reason: .certificateNameTaken,
            message: "certificate_names[\(index)] stands for another service account",
            field: "certificate_names[\(index)]"
        )
    }
}
