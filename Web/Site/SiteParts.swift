internal import Cryptography
internal import Identity
internal import Logging
internal import MariaDB
internal import Synchronization

/// What every page works with; made once.
final class SiteParts: Sendable {
    let core: IdentityCore
    let configuration: WebsiteConfiguration
    private let boundOrigin: Mutex<PublicOrigin>
    let clientAddress: ClientAddress
    let catalogue: TextCatalogue
    let templates: TemplateLibrary
    let styles: StaticFile
    let mark: StaticFile
    let providerMarks: ProviderMarks
    let scripts: [SiteScript: StaticFile]
    let securityHeaders: SecurityHeaders
    let formTokens: FormTokens
    let notices: NoticeSeal
    /// Nil when no other origin's pages use the site's passkeys.
    let relatedOrigins: Answer?
    let logger: Logger

    init(core: IdentityCore, configuration: WebsiteConfiguration, logger: Logger) throws {
        guard (configuration.certificateFile == nil) == (configuration.privateKeyFile == nil) else {
            throw WebsiteConfigurationError(description: "The site's certificate and private key belong together.")
        }
        self.core = core
        self.configuration = configuration
        self.logger = logger
        let origin = try PublicOrigin(configuration.publicURL)
        guard origin.isHTTPS || configuration.certificateFile == nil else {
            throw WebsiteConfigurationError(description: "With a certificate the site's address begins with https.")
        }
        boundOrigin = Mutex(origin)
        clientAddress = try ClientAddress(trustedProxies: configuration.trustedProxies)
        let files = try SiteFiles(directory: configuration.webDirectory)
        let catalogue = try TextCatalogue(files: files)
        self.catalogue = catalogue
        templates = try TemplateLibrary(
            sources: try files.texts(in: "Templates", ending: ".mustache"),
            samples: Self.samples(catalogue.english)
        )
        styles = try StaticFile(name: "site.css", bytes: files.bytes("Static/site.css"))
        mark = try StaticFile(name: "mark.svg", bytes: files.bytes("Static/mark.svg"))
        providerMarks = try ProviderMarks(files)
        scripts = try SiteScript.files(files)
        let targets = try configuration.returnTargets.map { target throws(WebsiteConfigurationError) in
            try PublicOrigin(ofAddress: target)
        }
        securityHeaders = SecurityHeaders(isHTTPS: origin.isHTTPS, formTargets: targets.map(\.text))
        formTokens = FormTokens(keyRing: core.keyRing)
        notices = NoticeSeal(keyRing: core.keyRing)
        relatedOrigins = try RelatedOrigins.answer(site: origin, others: configuration.relatedOrigins)
    }

    /// Every page with what its template is checked against; a page that is missing here cannot be rendered.
    static func samples(_ texts: Texts) -> [String: Any] {
        func entry<V: PageView>(_ view: V.Type) -> (String, Any) { (V.template, V.sample(texts)) }
        return Dictionary(
            uniqueKeysWithValues: [
                entry(SignInPage.self), entry(CodePage.self), entry(ConfirmPage.self),
                entry(AppCodePage.self),
                entry(PasswordPage.self), entry(PasskeyStepPage.self), entry(RecoveryCodePage.self),
                entry(AddPasskeyPage.self), entry(CompleteProfilePage.self), entry(RepairPage.self),
                entry(SignedOutPage.self), entry(SignOutPage.self), entry(HandOverPage.self),
                entry(LinkPage.self),
                entry(ExternalPage.self),
                entry(ErrorPage.self),
            ] + accountSamples(texts)
        )
    }

    private static func accountSamples(_ texts: Texts) -> [(String, Any)] {
        func entry<C: AccountContent>(_ content: C.Type) -> (String, Any) {
            (C.template, AccountPage<C>.sample(texts))
        }
        return [
            entry(OverviewContent.self), entry(ProfileContent.self), entry(AddressesContent.self),
            entry(NewAddressContent.self), entry(AddressCodeContent.self), entry(UsernameContent.self),
            entry(PasskeysContent.self), entry(NewPasskeyContent.self), entry(AppsContent.self),
            entry(AppSetupContent.self), entry(LoginsContent.self),
            entry(PasswordSettingContent.self), entry(RecoveryCodesContent.self), entry(NewCodesContent.self),
            entry(SessionsContent.self), entry(ActivityContent.self), entry(DataContent.self),
            entry(LeaveContent.self), entry(ActionPage.self), entry(NameContent.self),
        ]
    }

    /// How browsers reach the site.
    var origin: PublicOrigin { boundOrigin.withLock { $0 } }

    /// Told once, before the first request is answered.
    func listens(on port: Int) {
        boundOrigin.withLock { $0 = $0.bound(to: port) }
    }

    func now() -> Timestamp { core.now() }
}

extension TextCatalogue {
    /// All locale files of the site.
    init(files: SiteFiles) throws {
        let locales = try files.texts(in: "Locales", ending: ".json")
        try self.init(files: locales.mapValues { Array($0.utf8) })
    }
}
