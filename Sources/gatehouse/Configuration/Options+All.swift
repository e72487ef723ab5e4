extension Options {
    /// Every option, in the order of the reference.
    static let all: [ConfigurationOptionDescription] =
        places + database + rpc + site + operations + policy + passwords + passkeys + providers + mail + sms

    private static let places = [
        ConfigurationOptionDescription(dataDirectory), .init(keyRingFile), .init(logLevel), .init(logFormat),
    ]
    private static let database = [
        ConfigurationOptionDescription(databaseHosts), .init(databaseSocket), .init(databaseName), .init(databaseUser),
        .init(databasePasswordFile), .init(databaseCertificateAuthority), .init(databaseLanes), .init(databaseQueue),
        .init(databaseMigrate), .init(databaseBufferPool),
    ]
    private static let rpc = [
        ConfigurationOptionDescription(rpcHost), .init(rpcPort), .init(rpcSocket), .init(rpcTLS), .init(rpcCertificate),
        .init(rpcPrivateKey), .init(rpcClientAuthority), .init(rpcConnections),
    ]
    private static let site = [
        ConfigurationOptionDescription(siteHost), .init(sitePort), .init(siteURL), .init(siteName),
        .init(siteCertificate), .init(sitePrivateKey), .init(siteTrustedProxies), .init(siteReturnTargets),
        .init(siteDirectory),
    ]
    private static let operations = [
        ConfigurationOptionDescription(operationsHost), .init(operationsPort), .init(shutdownGrace),
    ]
    private static let policy = [
        ConfigurationOptionDescription(selfRegistration), .init(registrationDomains), .init(codeLifetime),
        .init(codeLength), .init(codeResend), .init(signInLifetime), .init(sessionIdle), .init(sessionAbsolute),
        .init(strongSessionIdle), .init(strongSessionAbsolute), .init(deletionWindow),
        .init(proofFreshness), .init(administrationDemand), .init(rememberedDeviceLifetime), .init(totpIssuer),
        .init(totpPendingLifetime), .init(totpDevices),
    ]
    private static let passkeys = [
        ConfigurationOptionDescription(passkeyRelatedOrigins), .init(passkeysPerUser), .init(passkeyUserVerification),
        .init(passkeyAlgorithms), .init(passkeysMaySynchronise),
        .init(attestationConveyance), .init(attestationFormats), .init(attestationIsTrusted), .init(attestationRoots),
        .init(metadataFile), .init(metadataRoots),
        .init(allowedModels), .init(deniedModels),
    ]
    private static let providers = [
        ConfigurationOptionDescription(developmentHosts), .init(providersCertificateAuthority), .init(providersTimeout),
    ]
    private static let passwords = [
        ConfigurationOptionDescription(passwordsEnabled), .init(passwordLength), .init(passwordLengthBesideFactor),
        .init(passwordCommonLists), .init(passwordBlocklists), .init(passwordHistory), .init(passwordMaximumAge),
        .init(passwordHashMemory), .init(passwordHashPasses), .init(passwordHashThreads), .init(passwordHashQueue),
        .init(recoveryCodeCount),
    ]
    private static let mail = [
        ConfigurationOptionDescription(mailDelivery), .init(mailFrom), .init(smtpHost), .init(smtpPort),
        .init(smtpSecurity), .init(smtpUser), .init(smtpPasswordFile), .init(smtpCertificateAuthority),
    ]
    private static let sms = [
        ConfigurationOptionDescription(smsDelivery), .init(smsGatewayURL), .init(smsGatewayBody),
        .init(smsGatewayHeader),
        .init(smsGatewayHeaderFile), .init(smsGatewayCertificateAuthority), .init(smsSender), .init(smsCallingCodes),
        .init(smsPerDay), .init(smsPerCountry),
    ]
}
