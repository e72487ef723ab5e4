import MariaDB
import OpenIDConnect

/// A provider with its sealed secret.
struct ProviderRow: Sendable {
    let provider: ExternalProvider
    let secret: [UInt8]?

    static let select: SQL = """
        SELECT id, name, display_name, preset, settings, secret, is_enabled, revision, created_at, updated_at
        FROM external_providers
        """

    init(from columns: inout Columns) throws(DatabaseError) {
        let id = try columns.next(ExternalProviderID.self)
        let button = try ProviderButton(from: &columns)
        let settingsColumn = columns.position
        guard let settings = ProviderSettings(storedText: try columns.next(String.self)) else {
            throw columns.mismatch(at: settingsColumn, wanted: "settings of a provider")
        }
        secret = try columns.nextOptional([UInt8].self)
        provider = ExternalProvider(
            id: id,
            name: button.name,
            displayName: button.displayName,
            preset: button.preset,
            settings: settings,
            isEnabled: try columns.next(),
            hasSecret: secret != nil,
            revision: try columns.next(),
            createdAt: try columns.next(),
            updatedAt: try columns.next()
        )
    }
}

extension ProviderButton {
    /// Reads name, display name and preset.
    init(from columns: inout Columns) throws(DatabaseError) {
        let (name, displayName) = (try columns.next(String.self), try columns.next(String.self))
        let column = columns.position
        guard let preset = ProviderPreset(rawValue: try columns.next(String.self)) else {
            throw columns.mismatch(at: column, wanted: "preset of a provider")
        }
        self.init(name: name, displayName: displayName, preset: preset)
    }
}

/// A provider by id.
struct ProviderByID: Statement {
    static let sql: SQL = ProviderRow.select + " WHERE id = ?"
    let id: ExternalProviderID
    func bind(to parameters: inout Parameters) { parameters.append(id) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> ProviderRow {
        try ProviderRow(from: &columns)
    }
}

/// A provider by id, locked until the transaction ends.
struct LockProvider: Statement {
    static let sql: SQL = ProviderRow.select + " WHERE id = ? FOR UPDATE"
    let id: ExternalProviderID
    func bind(to parameters: inout Parameters) { parameters.append(id) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> ProviderRow {
        try ProviderRow(from: &columns)
    }
}

/// A provider by id, which nobody changes until the transaction ends.
struct ShareProvider: Statement {
    static let sql: SQL = ProviderRow.select + " WHERE id = ? LOCK IN SHARE MODE"
    let id: ExternalProviderID
    func bind(to parameters: inout Parameters) { parameters.append(id) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> ProviderRow {
        try ProviderRow(from: &columns)
    }
}

/// A provider by name.
struct ProviderByName: Statement {
    static let sql: SQL = ProviderRow.select + " WHERE name = ?"
    let name: String
    func bind(to parameters: inout Parameters) { parameters.append(name) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> ProviderRow {
        try ProviderRow(from: &columns)
    }
}

/// A page of providers, in the order of their creation.
struct ListProviders: Statement {
    static let sql: SQL = ProviderRow.select + " WHERE id > ? ORDER BY id LIMIT ?"

    let after: ExternalProviderID
    let limit: Int

    func bind(to parameters: inout Parameters) {
        parameters.append(after)
        parameters.append(limit)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> ProviderRow {
        try ProviderRow(from: &columns)
    }
}

/// Adds a provider.
struct InsertProvider: Statement {
    static let sql: SQL = """
        INSERT INTO external_providers (name, preset, created_at, display_name, settings, secret, is_enabled, revision,
            updated_at, id)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    let provider: ExternalProvider
    let secret: [UInt8]?

    func bind(to parameters: inout Parameters) {
        parameters.append(provider.name)
        parameters.append(provider.preset.rawValue)
        parameters.append(provider.createdAt)
        provider.bindChangeable(to: &parameters, secret: secret)
        parameters.append(provider.id)
    }
}

/// Writes what can change of a provider.
struct UpdateProvider: Statement {
    static let sql: SQL = """
        UPDATE external_providers SET display_name = ?, settings = ?, secret = ?, is_enabled = ?, revision = ?,
            updated_at = ?
        WHERE id = ?
        """

    let provider: ExternalProvider
    let secret: [UInt8]?

    func bind(to parameters: inout Parameters) {
        provider.bindChangeable(to: &parameters, secret: secret)
        parameters.append(provider.id)
    }
}

extension ExternalProvider {
    fileprivate func bindChangeable(to parameters: inout Parameters, secret: [UInt8]?) {
        parameters.append(displayName)
        parameters.append(settings.storedText)
        parameters.append(secret)
        parameters.append(isEnabled)
        parameters.append(revision)
        parameters.append(updatedAt)
    }
}

/// Removes a provider.
struct DeleteProvider: Statement {
    static let sql: SQL = "DELETE FROM external_providers WHERE id = ?"
    let id: ExternalProviderID
    func bind(to parameters: inout Parameters) { parameters.append(id) }
}

/// Removes all logins of a provider.
struct DeleteLoginsOfProvider: Statement {
    static let sql: SQL = "DELETE FROM external_logins WHERE provider_id = ?"
    let provider: ExternalProviderID
    func bind(to parameters: inout Parameters) { parameters.append(provider) }
}

/// Whether anybody signs in with a provider.
struct IsProviderUsed: Statement {
    static let sql: SQL = "SELECT EXISTS(SELECT 1 FROM external_logins WHERE provider_id = ?)"
    let provider: ExternalProviderID
    func bind(to parameters: inout Parameters) { parameters.append(provider) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> Bool { try columns.next() }
}
