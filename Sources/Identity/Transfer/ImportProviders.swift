import MariaDB
import OpenIDConnect

/// The providers that records of logins name.
struct ImportProviders {
    private var found: [String: ExternalProvider] = [:]

    init(of records: [CheckedRecord], _ transaction: Transaction) throws {
        for name in Set(records.flatMap { $0.logins.map(\.record.provider) }) {
            found[name] = try transaction.first(ProviderByName(name: name))?.provider
        }
    }

    /// The logins of a record as they are stored; refused where a provider, or who speaks for it, is not known.
    func resolve(_ record: CheckedRecord) throws(FlowError) -> [ImportedLogin] {
        var (logins, problems) = ([ImportedLogin](), [FlowError.FieldProblem]())
        for login in record.logins {
            guard let provider = found[login.record.provider] else {
                let description = "there is no provider of this name"
                problems.append(.init(field: login.field + ".provider", reason: .notFound, description: description))
                continue
            }
            let issuer = login.record.issuer.isEmpty ? provider.settings.issuer : login.record.issuer
            if provider.settings.admits(issuer: issuer) {
                logins.append(ImportedLogin(login: login, provider: provider, issuer: issuer))
            } else {
                let description = "the provider speaks for another issuer"
                problems.append(.init(field: login.field + ".issuer", reason: .fieldInvalid, description: description))
            }
        }
        guard problems.isEmpty else { throw .invalid(problems) }
        return logins
    }
}

/// A login on the way in, with its provider.
struct ImportedLogin: Sendable {
    let login: CheckedRecord.Login
    let provider: ExternalProvider
    let issuer: String

    /// The row of it.
    func row(of user: UserID, _ parts: CoreParts, at now: Timestamp) -> InsertExternalLogin {
        let record = login.record
        let made = ExternalLogin(
            id: login.id ?? parts.makeID(),
            userID: user,
            providerID: provider.id,
            provider: provider.button,
            isProviderEnabled: provider.isEnabled,
            issuer: issuer,
            subject: record.subject,
            label: record.label,
            createdAt: record.createdAt ?? now,
            lastUsedAt: record.lastUsedAt
        )
        return InsertExternalLogin(login: made)
    }
}
