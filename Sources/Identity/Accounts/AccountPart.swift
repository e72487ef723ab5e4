import MariaDB

/// One thing that accounts have: what becomes of it when two accounts are merged, and how it is exported.
///
/// Whoever adds a table that holds anything of a user adds its part here; a test compares the list with the schema.
struct AccountPart: Sendable {
    /// Its name in an export; nil when it holds nothing that its owner could use (secrets, and what is counted).
    let name: String?
    /// The tables it lives in, as far as they have a column `user_id`.
    let tables: [String]
    /// Gives what the source has to the target; nil: it ends with the source.
    var move: (@Sendable (AccountMerge, Transaction) throws -> Void)?
    /// What is stored of a user, without secrets and other people's data.
    var export: @Sendable (UserID, Transaction) throws -> ExportValue = { _, _ in .null }
    /// What the person himself gets of it, where that is less.
    var exportToPerson: (@Sendable (UserID, CoreParts, Transaction) throws -> ExportValue)?

    /// All parts, in the order in which they are moved.
    static let all: [AccountPart] = [
        identifiers, profile, totpDevices, passkeys, passwords, recoveryCodes, externalLogins, invitations, roles,
        groups, sessions, tickets, devices, signIns, claims, undos, messages, throttles, answers,
        importMarks,
    ]
}

/// Two accounts of one person under way to be one.
struct AccountMerge: Sendable {
    let parts: CoreParts
    let source: User
    let target: User
    let choices: MergeChoices
    let now: Timestamp
}

/// Which of two accounts keeps its own where only one can stay.
package struct MergeChoices: Sendable, Hashable {
    package enum Side: Sendable, Hashable {
        case source
        case target
    }

    package var externalID: Side?
    package var username: Side?
    package var password: Side?
    /// The whole profile: values of two are never mixed.
    package var profile: Side?

    package init(externalID: Side? = nil, username: Side? = nil, password: Side? = nil, profile: Side? = nil) {
        self.externalID = externalID
        self.username = username
        self.password = password
        self.profile = profile
    }
}
