package import MariaDB

/// Something that a person is told about his own account, by mail to addresses that he proved (SECURITY TH-10).
package struct AccountNotice: Sendable, Hashable {
    /// What happened; raw values are stored with messages on their way, and name the texts.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Signed in on a device that was not known.
        case newDevice = "new_device"
        /// Signed in on a known device after many failures there.
        case signInAfterFailures = "sign_in_after_failures"
        /// Many failures in a short time.
        case failedAttempts = "failed_attempts"
        /// So many failures in a row that this way to sign in is switched off.
        case methodDisabled = "method_disabled"
        /// An authenticator app was set up.
        case totpAdded = "totp_added"
        /// An authenticator app was removed.
        case totpRemoved = "totp_removed"
        case passkeyAdded = "passkey_added"
        case passkeyRemoved = "passkey_removed"
        /// A login at a provider opens the account from now on.
        case externalLinked = "external_linked"
        case externalUnlinked = "external_unlinked"
        /// A passkey that stays on its device counted backwards, as a copy of it does.
        case passkeyCopied = "passkey_copied"
        /// The first password.
        case passwordSet = "password_set"
        case passwordChanged = "password_changed"
        case passwordRemoved = "password_removed"
        /// An administrator made the password useless.
        case passwordResetDemanded = "password_reset_demanded"
        /// New recovery codes; those before are void.
        case recoveryCodesMade = "recovery_codes_made"
        case recoveryCodeUsed = "recovery_code_used"
        case identifierAdded = "identifier_added"
        /// One address took the place of another.
        case identifierReplaced = "identifier_replaced"
        case identifierRemoved = "identifier_removed"
        /// A change of addresses was taken back with the secret that an address from before was sent.
        case identifierChangeUndone = "identifier_change_undone"
        case usernameChanged = "username_changed"
        /// Another account of the same person was merged into this one.
        case accountMerged = "account_merged"
        case accountLocked = "account_locked"
        case accountUnlocked = "account_unlocked"
        case accountDisabled = "account_disabled"
        case accountEnabled = "account_enabled"
        /// The account is erased when the undo window is over.
        case accountDeleted = "account_deleted"
        case accountUndeleted = "account_undeleted"
        /// The same, by the person who has it; whoever gets this can take it back.
        case accountLeft = "account_left"
    }

    package let kind: Kind
    package let occurredAt: Timestamp
    /// As the browser said it; a hint, and chosen by whoever it was.
    package let userAgent: String
    package let source: SourceAddress?
    /// Failures before it; 0 when there were none.
    package let failures: UInt32

    /// When it was, to the minute, for people of any time zone: `2026-11-23 14:05 UTC`.
    package var timeText: String {
        let text = occurredAt.description.utf8
        let day = String(decoding: text.prefix(10), as: UTF8.self)
        let minute = String(decoding: text.dropFirst(11).prefix(5), as: UTF8.self)
        return "\(day) \(minute) UTC"
    }

    package init(
        _ kind: Kind,
        at occurredAt: Timestamp,
        userAgent: String = "",
        source: SourceAddress? = nil,
        failures: UInt32 = 0
    ) {
        self.kind = kind
        self.occurredAt = occurredAt
        self.userAgent = userAgent
        self.source = source
        self.failures = failures
    }

    /// What the actor of a call did; where an administrator sat is none of the person's business.
    init(_ kind: Kind, at now: Timestamp, by context: CallContext) {
        let isPerson = if case .user = context.actor { true } else { false }
        self.init(
            kind,
            at: now,
            userAgent: isPerson ? context.userAgent : "",
            source: isPerson ? context.source : nil
        )
    }
}
