extension Settings {
    /// Variables that begin like settings but belong to the administration commands.
    static let otherVariables: Set<String> = [
        "GATEHOUSE_TOKEN", "GATEHOUSE_TOKEN_FILE", "GATEHOUSE_ADDRESS", "GATEHOUSE_CA_FILE", "GATEHOUSE_BINARY",
        "GATEHOUSE_CONFIG",
    ]

    /// Reads and checks everything; all problems are reported at once.
    init(file: String?, environment: [String: String], flags: [String]) throws(ConfigurationError) {
        var problems: [String] = []
        self.init(file: file, environment: environment, flags: flags, problems: &problems)
        guard problems.isEmpty else { throw ConfigurationError(problems: problems) }
    }

    /// Reads and checks everything, taking the default for what is wrong.
    ///
    /// - Parameters:
    ///   - file: Path of a YAML file; nil for the one the environment names, if it does.
    ///   - environment: All variables.
    ///   - flags: What follows the command.
    ///   - problems: Gets a sentence for each value that is wrong.
    init(file: String?, environment: [String: String], flags: [String], problems: inout [String]) {
        var sources = ConfigurationSources(
            file: file ?? environment["GATEHOUSE_CONFIG"],
            environment: environment,
            flags: flags,
            options: Options.all,
            otherVariables: Self.otherVariables
        )
        dataDirectory = sources.read(Options.dataDirectory)
        let keyRingFile = sources.read(Options.keyRingFile)
        self.keyRingFile = keyRingFile.isEmpty ? dataDirectory + "/keys" : keyRingFile
        logLevel = sources.read(Options.logLevel)
        logFormat = sources.read(Options.logFormat)
        shutdownGrace = sources.read(Options.shutdownGrace)
        var conflicts: [String] = []
        database = DatabaseSettings(&sources, problems: &conflicts)
        rpc = RPCSettings(&sources, problems: &conflicts)
        site = SiteSettings(&sources, problems: &conflicts)
        operations = OperationsSettings(
            host: sources.read(Options.operationsHost),
            port: sources.read(Options.operationsPort)
        )
        policy = PolicySettings(&sources, problems: &conflicts)
        passwords = PasswordSettings(&sources, problems: &conflicts)
        passkeys = PasskeySettings(&sources, siteURL: site.url, problems: &conflicts)
        providers = ProvidersSettings(&sources)
        mail = MailSettings(&sources, problems: &conflicts)
        sms = SMSSettings(&sources, problems: &conflicts)
        problems += sources.problems + conflicts
    }
}

extension ProvidersSettings {
    fileprivate init(_ sources: inout ConfigurationSources) {
        developmentHosts = sources.read(Options.developmentHosts)
        certificateAuthorityFile = sources.read(Options.providersCertificateAuthority)
        timeout = sources.read(Options.providersTimeout)
    }
}

extension DatabaseSettings {
    fileprivate init(_ sources: inout ConfigurationSources, problems: inout [String]) {
        let hosts = sources.read(Options.databaseHosts)
        self.hosts = hosts.compactMap { HostAndPort($0, defaultPort: 3306) }
        socket = sources.read(Options.databaseSocket)
        name = sources.read(Options.databaseName)
        user = sources.read(Options.databaseUser)
        passwordFile = sources.read(Options.databasePasswordFile)
        certificateAuthorityFile = sources.read(Options.databaseCertificateAuthority)
        lanes = sources.read(Options.databaseLanes)
        queueLimit = sources.read(Options.databaseQueue)
        migrate = sources.read(Options.databaseMigrate)
        bufferPoolMebibytes = sources.read(Options.databaseBufferPool)
        if self.hosts.count != hosts.count {
            problems.append("database.hosts must be host or host:port, with commas between")
        }
        if !hosts.isEmpty, !socket.isEmpty { problems.append("database.hosts and database.socket exclude each other") }
        if certificateAuthorityFile.isEmpty, !self.hosts.allSatisfy(\.isLoopback) {
            problems.append(
                "database.ca-file is required: a database on another machine is reached over verified TLS only"
            )
        }
    }
}

extension RPCSettings {
    fileprivate init(_ sources: inout ConfigurationSources, problems: inout [String]) {
        host = sources.read(Options.rpcHost)
        port = sources.read(Options.rpcPort)
        socket = sources.read(Options.rpcSocket)
        usesTLS = sources.read(Options.rpcTLS)
        certificateFile = sources.read(Options.rpcCertificate)
        privateKeyFile = sources.read(Options.rpcPrivateKey)
        clientAuthorityFile = sources.read(Options.rpcClientAuthority)
        maximumConnections = sources.read(Options.rpcConnections)
        if !usesTLS, HostAndPort(host, defaultPort: 0)?.isLoopback != true {
            problems.append("rpc.tls may be false only when rpc.listen-host is a loopback address")
        }
        if certificateFile.isEmpty != privateKeyFile.isEmpty {
            problems.append("rpc.certificate-file and rpc.private-key-file go together")
        }
    }
}

extension SiteSettings {
    fileprivate init(_ sources: inout ConfigurationSources, problems: inout [String]) {
        host = sources.read(Options.siteHost)
        port = sources.read(Options.sitePort)
        url = sources.read(Options.siteURL)
        name = sources.read(Options.siteName)
        certificateFile = sources.read(Options.siteCertificate)
        privateKeyFile = sources.read(Options.sitePrivateKey)
        trustedProxies = sources.read(Options.siteTrustedProxies)
        returnTargets = sources.read(Options.siteReturnTargets)
        webDirectory = sources.read(Options.siteDirectory)
        if certificateFile.isEmpty != privateKeyFile.isEmpty {
            problems.append("site.certificate-file and site.private-key-file go together")
        }
        if url.isEmpty, HostAndPort(host, defaultPort: 0)?.isLoopback != true {
            problems.append("site.url is required when the site listens on more than a loopback address")
        }
    }
}

extension PolicySettings {
    fileprivate init(_ sources: inout ConfigurationSources, problems: inout [String]) {
        selfRegistration = sources.read(Options.selfRegistration)
        registrationDomains = sources.read(Options.registrationDomains)
        codeLifetime = sources.read(Options.codeLifetime)
        codeLength = sources.read(Options.codeLength)
        codeResendInterval = sources.read(Options.codeResend)
        signInLifetime = sources.read(Options.signInLifetime)
        sessionIdle = sources.read(Options.sessionIdle)
        sessionLifetime = sources.read(Options.sessionAbsolute)
        strongSessionIdle = sources.read(Options.strongSessionIdle)
        strongSessionLifetime = sources.read(Options.strongSessionAbsolute)
        deletionWindow = sources.read(Options.deletionWindow)
        proofFreshness = sources.read(Options.proofFreshness)
        administrationDemand = sources.read(Options.administrationDemand)
        rememberedDeviceLifetime = sources.read(Options.rememberedDeviceLifetime)
        totpIssuer = sources.read(Options.totpIssuer)
        totpPendingLifetime = sources.read(Options.totpPendingLifetime)
        totpDevices = sources.read(Options.totpDevices)
        // Apps show it in one line, and a longer one would not fit into a QR code.
        if totpIssuer.count > 64 || totpIssuer.utf8.count > 128 || totpIssuer.utf8.contains(where: { $0 < 0x20 }) {
            problems.append("policy.totp-issuer must be one line of up to 64 characters")
        }
        if selfRegistration == .domains, registrationDomains.isEmpty {
            problems.append("policy.registration-domains is required when policy.self-registration is domains")
        }
    }
}

extension PasswordSettings {
    /// Least passes for an amount of memory, of configurations that cost a guesser about the same (SECURITY PW-07).
    private static let leastPasses: [(mebibytes: Int, passes: Int)] = [(46, 1), (19, 2), (12, 3), (9, 4), (7, 5)]

    fileprivate init(_ sources: inout ConfigurationSources, problems: inout [String]) {
        isEnabled = sources.read(Options.passwordsEnabled)
        minimumLength = sources.read(Options.passwordLength)
        minimumLengthWithSecondFactor = sources.read(Options.passwordLengthBesideFactor)
        usesCommonLists = sources.read(Options.passwordCommonLists)
        blocklistFiles = sources.read(Options.passwordBlocklists)
        history = sources.read(Options.passwordHistory)
        let age = sources.read(Options.passwordMaximumAge)
        maximumAge = age > .zero ? age : nil
        hashMemoryMebibytes = sources.read(Options.passwordHashMemory)
        hashPasses = sources.read(Options.passwordHashPasses)
        let threads = sources.read(Options.passwordHashThreads)
        hashThreads = threads > 0 ? threads : nil
        hashQueue = sources.read(Options.passwordHashQueue)
        recoveryCodeCount = sources.read(Options.recoveryCodeCount)
        if minimumLengthWithSecondFactor > minimumLength {
            problems.append(
                "passwords.minimum-length-with-second-factor must not be more than passwords.minimum-length"
            )
        }
        let memory = hashMemoryMebibytes
        if let least = Self.leastPasses.first(where: { memory >= $0.mebibytes }), hashPasses < least.passes {
            problems.append("passwords.hash-passes must be at least \(least.passes) with that much memory")
        }
    }
}

extension MailSettings {
    fileprivate init(_ sources: inout ConfigurationSources, problems: inout [String]) {
        delivery = sources.read(Options.mailDelivery)
        from = sources.read(Options.mailFrom)
        smtpHost = sources.read(Options.smtpHost)
        smtpPort = sources.read(Options.smtpPort)
        smtpSecurity = sources.read(Options.smtpSecurity)
        smtpUser = sources.read(Options.smtpUser)
        smtpPasswordFile = sources.read(Options.smtpPasswordFile)
        smtpCertificateAuthorityFile = sources.read(Options.smtpCertificateAuthority)
        if delivery == .smtp, smtpHost.isEmpty {
            problems.append("mail.smtp-host is required when mail.delivery is smtp")
        }
        if smtpSecurity == .none, !smtpHost.isEmpty, HostAndPort(smtpHost, defaultPort: 25)?.isLoopback != true {
            problems.append("mail.smtp-security may be none only for a loopback server")
        }
        if smtpUser.isEmpty != smtpPasswordFile.isEmpty {
            problems.append("mail.smtp-user and mail.smtp-password-file go together")
        }
    }
}
