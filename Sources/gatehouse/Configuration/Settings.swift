internal import Wire

/// The configuration as one value, read once at start.
struct Settings: Sendable {
    let dataDirectory: String
    let keyRingFile: String
    let logLevel: LogLevel
    let logFormat: LogFormat
    let shutdownGrace: Duration
    let database: DatabaseSettings
    let rpc: RPCSettings
    var site: SiteSettings
    let operations: OperationsSettings
    let policy: PolicySettings
    let passwords: PasswordSettings
    let passkeys: PasskeySettings
    let providers: ProvidersSettings
    let mail: MailSettings
    let sms: SMSSettings
}

struct DatabaseSettings: Sendable {
    let hosts: [HostAndPort]
    let socket: String
    let name: String
    let user: String
    let passwordFile: String
    let certificateAuthorityFile: String
    let lanes: Int
    let queueLimit: Int
    let migrate: MigrationChoice
    let bufferPoolMebibytes: Int

    /// Whether `gatehouse` runs its own MariaDB.
    var isPrivate: Bool { hosts.isEmpty && socket.isEmpty }
}

struct RPCSettings: Sendable {
    let host: String
    let port: Int
    /// Empty: the default in the data directory; `off`: none.
    let socket: String
    let usesTLS: Bool
    let certificateFile: String
    let privateKeyFile: String
    let clientAuthorityFile: String
    let maximumConnections: Int
}

struct SiteSettings: Sendable {
    let host: String
    var port: Int
    let url: String
    let name: String
    let certificateFile: String
    let privateKeyFile: String
    let trustedProxies: [String]
    let returnTargets: [String]
    let webDirectory: String
}

struct OperationsSettings: Sendable {
    let host: String
    let port: Int
}

struct PolicySettings: Sendable {
    let selfRegistration: RegistrationChoice
    let registrationDomains: [String]
    let codeLifetime: Duration
    let codeLength: Int
    let codeResendInterval: Duration
    let signInLifetime: Duration
    let sessionIdle: Duration
    let sessionLifetime: Duration
    let strongSessionIdle: Duration
    let strongSessionLifetime: Duration
    let deletionWindow: Duration
    let proofFreshness: Duration
    let administrationDemand: AdministrationDemandChoice
    let rememberedDeviceLifetime: Duration
    /// Empty: the site's name.
    let totpIssuer: String
    let totpPendingLifetime: Duration
    let totpDevices: Int
}

struct PasswordSettings: Sendable {
    let isEnabled: Bool
    let minimumLength: Int
    let minimumLengthWithSecondFactor: Int
    let usesCommonLists: Bool
    let blocklistFiles: [String]
    let history: Int
    /// nil: passwords do not age.
    let maximumAge: Duration?
    let hashMemoryMebibytes: Int
    let hashPasses: Int
    /// nil: one for each processor.
    let hashThreads: Int?
    let hashQueue: Int
    let recoveryCodeCount: Int
}

struct ProvidersSettings: Sendable {
    let developmentHosts: [String]
    /// Empty: the system's.
    let certificateAuthorityFile: String
    let timeout: Duration
}

struct MailSettings: Sendable {
    let delivery: MailDelivery
    let from: String
    let smtpHost: String
    let smtpPort: Int
    let smtpSecurity: SMTPSecurity
    let smtpUser: String
    let smtpPasswordFile: String
    let smtpCertificateAuthorityFile: String
}

/// `host` or `host:port`; IPv6 addresses in brackets.
struct HostAndPort: Sendable, Equatable {
    let host: String
    let port: UInt16

    init?(_ text: String, defaultPort: UInt16) {
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            host = String(text[text.index(after: text.startIndex)..<end])
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
            guard let port = rest.isEmpty ? defaultPort : UInt16(rest.dropFirst()) else { return nil }
            self.port = port
        } else {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count <= 2, let first = parts.first, !first.isEmpty else { return nil }
            guard let port = parts.count == 2 ? UInt16(parts[1]) : defaultPort else { return nil }
            host = String(first)
            self.port = port
        }
        guard !host.isEmpty else { return nil }
    }

    /// Whether the host can only be this machine.
    var isLoopback: Bool {
        Transport.isLoopback(host: host)
    }
}
