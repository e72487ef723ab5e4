package import Passwords

/// Whether people may sign in with passwords, and what passwords must be.
package struct PasswordRules: Sendable {
    /// What a new password must be; nil, the default: people sign in without passwords.
    package var policy: PasswordPolicy?
    /// How many of a user's former passwords may not be chosen again; 0 to 24.
    package var historyCount = 0
    /// A password older than this opens a session that only changes it; nil: passwords do not age.
    package var maximumAge: Duration?
    /// What a hash costs, and how many are made at a time; for recovery codes too.
    package var hashing = HashLaneConfiguration()

    package init() {}

    /// Whether people may sign in with passwords.
    package var isEnabled: Bool { policy != nil }
}
