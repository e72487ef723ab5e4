// The rules of signing in, and mail.
extension Options {
    // MARK: Rules

    static let selfRegistration = ConfigurationOption<RegistrationChoice>.choice(
        "policy.self-registration",
        default: .open,
        "Who gets an account by proving an address: anyone, those an administrator entered or invited, nobody new, or `policy.registration-domains`."
    )
    static let registrationDomains = ConfigurationOption.list(
        "policy.registration-domains",
        expects: "domain names, with commas between",
        "Domains whose addresses may register when self-registration is `domains`."
    )
    static let codeLifetime = ConfigurationOption.duration(
        "policy.code-lifetime",
        default: .seconds(300),
        in: .seconds(60)...(.seconds(600)),
        "How long a one-time code is good."
    )
    static let codeLength = ConfigurationOption.number(
        "policy.code-length",
        default: 8,
        in: 6...16,
        "Characters of an e-mail code, from Crockford's 32."
    )
    static let codeResend = ConfigurationOption.duration(
        "policy.code-resend-interval",
        default: .seconds(60),
        in: .seconds(10)...(.seconds(600)),
        "Least time between two codes to one address."
    )
    static let signInLifetime = ConfigurationOption.duration(
        "policy.sign-in-lifetime",
        default: .seconds(900),
        in: .seconds(300)...(.seconds(3600)),
        "How long a sign-in may take from its first step to its last."
    )
    static let sessionIdle = ConfigurationOption.duration(
        "policy.session-idle-aal1",
        default: .seconds(604_800),
        in: .seconds(60)...(.seconds(2_592_000)),
        "An unused session of one factor ends after this."
    )
    static let sessionAbsolute = ConfigurationOption.duration(
        "policy.session-lifetime-aal1",
        default: .seconds(2_592_000),
        in: .seconds(300)...(.seconds(2_592_000)),
        "A session of one factor ends after this in any case."
    )
    static let strongSessionIdle = ConfigurationOption.duration(
        "policy.session-idle-aal2",
        default: .seconds(3600),
        in: .seconds(60)...(.seconds(3600)),
        "An unused session of two factors ends after this."
    )
    static let strongSessionAbsolute = ConfigurationOption.duration(
        "policy.session-lifetime-aal2",
        default: .seconds(86_400),
        in: .seconds(300)...(.seconds(86_400)),
        "A session of two factors ends after this in any case."
    )
    static let deletionWindow = ConfigurationOption.duration(
        "policy.deletion-window",
        default: .seconds(604_800),
        in: .seconds(0)...(.seconds(7_776_000)),
        "How long a deletion can be undone."
    )
    static let proofFreshness = ConfigurationOption.duration(
        "policy.proof-freshness",
        default: .seconds(600),
        in: .seconds(60)...(.seconds(3600)),
        "How old the last proof of identity may be for a sensitive action."
    )
    static let administrationDemand = ConfigurationOption<AdministrationDemandChoice>.choice(
        "policy.administration-demand",
        default: .passkey,
        "What the session of a person needs to give or take roles and groups: two factors with a passkey among them, any two, or no more than others."
    )
    static let rememberedDeviceLifetime = ConfigurationOption.duration(
        "policy.remembered-device-lifetime",
        default: .seconds(2_592_000),
        in: .seconds(0)...(.seconds(7_776_000)),
        "How long no second factor is asked for on a device whose owner wants that; 0s: it always is."
    )
    static let totpIssuer = ConfigurationOption.text(
        "policy.totp-issuer",
        expects: "up to 64 characters",
        "Who asks for codes, as authenticator apps show it. Default: the site's name."
    )
    static let totpPendingLifetime = ConfigurationOption.duration(
        "policy.totp-pending-lifetime",
        default: .seconds(600),
        in: .seconds(60)...(.seconds(3600)),
        "How long a new authenticator app waits for its first code."
    )
    static let totpDevices = ConfigurationOption.number(
        "policy.totp-devices",
        default: 10,
        in: 1...50,
        "Authenticator apps of a user."
    )

    // MARK: Mail

    static let mailDelivery = ConfigurationOption<MailDelivery>.choice(
        "mail.delivery",
        default: .mailbox,
        "`smtp` sends; `mailbox` writes messages into the data directory, for development."
    )
    static let mailFrom = ConfigurationOption.text(
        "mail.from",
        default: "no-reply@localhost",
        expects: "an e-mail address",
        "Address that messages come from."
    )
    static let smtpHost = ConfigurationOption.text("mail.smtp-host", expects: "a host name", "SMTP server.")
    static let smtpPort = ConfigurationOption.number(
        "mail.smtp-port",
        default: 587,
        in: 1...65535,
        "Port of the SMTP server."
    )
    static let smtpSecurity = ConfigurationOption<SMTPSecurity>.choice(
        "mail.smtp-security",
        default: .starttls,
        "`none` is for a loopback server only."
    )
    static let smtpUser = ConfigurationOption.text(
        "mail.smtp-user",
        expects: "a user name",
        "User at the SMTP server; none: no authentication."
    )
    static let smtpPasswordFile = ConfigurationOption.text(
        "mail.smtp-password-file",
        expects: "a file",
        "File with the SMTP password, readable by its owner only."
    )
    static let smtpCertificateAuthority = ConfigurationOption.text(
        "mail.smtp-ca-file",
        expects: "a PEM file",
        "Authority that signed the SMTP server's certificate. None: the system's."
    )
}
