// The settings that are one of a few words.

/// How messages leave.
enum MailDelivery: String, CaseIterable, Sendable {
    case mailbox, smtp
}

/// How codes by SMS leave.
enum SMSDelivery: String, CaseIterable, Sendable {
    case off, mailbox, gateway
}

/// How the connection to the SMTP server is protected.
enum SMTPSecurity: String, CaseIterable, Sendable {
    case starttls, tls, none
}

/// Least severe log lines that are written.
enum LogLevel: String, CaseIterable, Sendable {
    case debug, info, notice, warning, error
}

/// How log lines look.
enum LogFormat: String, CaseIterable, Sendable {
    case text, json
}

/// Whether passkeys must know their owner.
enum PasskeyUserVerification: String, CaseIterable, Sendable {
    case preferred, required
}

/// Whether `serve` migrates.
enum MigrationChoice: String, CaseIterable, Sendable {
    case auto, always, never
}

/// Who gets an account by proving an address.
enum AdministrationDemandChoice: String, CaseIterable, Sendable {
    case nothing, aal2, passkey
}

enum RegistrationChoice: String, CaseIterable, Sendable {
    case open, invited, closed, domains
}
