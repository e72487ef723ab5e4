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
}
