internal import Identity

extension Settings {
    /// The rules of the domain as configured.
    func identityPolicy(siteURL: String) throws -> IdentityPolicy {
        var rules = IdentityPolicy()
        rules.selfRegistration = policy.registration
        rules.code.lifetime = policy.codeLifetime
        rules.code.length = policy.codeLength
        rules.code.resendInterval = policy.codeResendInterval
        rules.sms.isEnabled = sms.delivery != .off
        rules.sms.code.lifetime = policy.codeLifetime
        rules.sms.code.resendInterval = policy.codeResendInterval
        rules.sms.sendsPerDay = UInt32(clamping: sms.messagesPerDay)
        rules.sms.sendsPerCountry = UInt32(clamping: sms.messagesPerCountry)
        rules.sms.callingCodes = Set(sms.callingCodes)
        rules.flowLifetime = policy.signInLifetime
        rules.sessions.aal1 = .init(idle: policy.sessionIdle, absolute: policy.sessionLifetime)
        rules.sessions.aal2 = .init(idle: policy.strongSessionIdle, absolute: policy.strongSessionLifetime)
        rules.deletionWindow = policy.deletionWindow
        rules.mail.fromAddress = mail.from
        rules.mail.fromName = site.name
        rules.mail.siteName = site.name
        rules.mail.siteURL = siteURL
        rules.recoveryCodes.count = passwords.recoveryCodeCount
        rules.proofFreshness = policy.proofFreshness
        rules.administrationDemand = policy.demandOfAdministration
        rules.devices.rememberedFor = policy.rememberedDeviceLifetime
        rules.totp.issuer = policy.totpIssuer.isEmpty ? nil : policy.totpIssuer
        rules.totp.pendingLifetime = policy.totpPendingLifetime
        rules.totp.maximumPerUser = policy.totpDevices
        let origins = passkeys.relatedOrigins.map(\.text)
        rules.passkeys.serve(siteURL: siteURL, siteName: site.name, relatedOrigins: origins)
        try passkeys.apply(to: &rules.passkeys)
        return rules
    }

    /// How browsers reach the site.
    var publicSiteURL: String {
        guard site.url.isEmpty else { return site.url }
        let scheme = site.certificateFile.isEmpty ? "http" : "https"
        return "\(scheme)://localhost:\(site.port)"
    }

    /// Where the socket for local callers is; nil when there is none.
    func rpcSocketPath(in directory: DataDirectory) -> String? {
        switch rpc.socket {
        case "off": nil
        case "": directory.file("rpc.sock")
        default: rpc.socket
        }
    }
}

extension PolicySettings {
    fileprivate var demandOfAdministration: AssuranceDemand {
        switch administrationDemand {
        case .nothing: .nothing
        case .aal2: .aal2
        case .passkey: .passkey
        }
    }

    fileprivate var registration: SelfRegistration {
        switch selfRegistration {
        case .open: .open
        case .invited: .invited
        case .closed: .closed
        case .domains: .domains(registrationDomains)
        }
    }
}
