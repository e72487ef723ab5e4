package import Cryptography
package import Logging
package import Mail
package import MariaDB
package import OutboundHTTP

/// The domain put together: all flows over one database.
///
/// Made once by the executable, and by tests.
package final class IdentityCore: Sendable {
    let parts: CoreParts

    package let users: UserFlows
    package let identifiers: IdentifierFlows
    package let invitations: InvitationFlows
    package let profiles: ProfileFlows
    package let profileSchema: ProfileSchemaFlows
    package let sessions: SessionFlows
    package let claims: ClaimFlows
    package let applications: ApplicationFlows
    package let tickets: TicketFlows
    package let signIn: SignInFlows
    package let throttles: ThrottleFlows
    package let totp: TOTPFlows
    package let passkeys: PasskeyFlows
    package let passwords: PasswordFlows
    package let recoveryCodes: RecoveryCodeFlows
    package let providers: ProviderFlows
    package let externalLogins: ExternalLoginFlows
    package let roles: CollectiveFlows<IDKind.Role>
    package let groups: CollectiveFlows<IDKind.Group>
    package let membership: MembershipFlows
    /// Authentication and authorisation of callers.
    package let callers: CallerFlows
    package let serviceAccounts: ServiceAccountFlows
    package let bootstrap: BootstrapFlow
    package let audit: AuditFlows
    package let imports: ImportFlows
    package let exports: ExportFlows
    package let pages: PageTokens

    package init(
        database: Database,
        keyRing: KeyRing,
        policy: IdentityPolicy,
        mail: any MailTransport,
        texts: (any TextMessageTransport)? = nil,
        http: any OutboundHTTP = OutboundTransport(),
        random: any RandomSource,
        clock: any WallClock,
        logger: Logger,
        templates: any MessageTemplates = EnglishMessages()
    ) {
        let parts = CoreParts(
            database: database,
            keyRing: keyRing,
            policy: policy,
            mail: mail,
            texts: texts,
            http: http,
            random: random,
            clock: clock,
            logger: logger,
            templates: templates
        )
        self.parts = parts
        users = UserFlows(parts: parts)
        identifiers = IdentifierFlows(parts: parts)
        invitations = InvitationFlows(parts: parts)
        profiles = ProfileFlows(parts: parts)
        profileSchema = ProfileSchemaFlows(parts: parts)
        sessions = SessionFlows(parts: parts)
        claims = ClaimFlows(parts: parts)
        applications = ApplicationFlows(parts: parts)
        tickets = TicketFlows(parts: parts)
        signIn = SignInFlows(parts: parts)
        throttles = ThrottleFlows(parts: parts)
        totp = TOTPFlows(parts: parts)
        passkeys = PasskeyFlows(parts: parts)
        passwords = PasswordFlows(parts: parts)
        recoveryCodes = RecoveryCodeFlows(parts: parts)
        providers = ProviderFlows(parts: parts)
        externalLogins = ExternalLoginFlows(parts: parts, signIn: signIn)
        roles = CollectiveFlows(parts: parts)
        groups = CollectiveFlows(parts: parts)
        membership = MembershipFlows(parts: parts)
        callers = CallerFlows(parts: parts)
        serviceAccounts = ServiceAccountFlows(parts: parts)
        bootstrap = BootstrapFlow(parts: parts)
        audit = AuditFlows(parts: parts)
        imports = ImportFlows(parts: parts)
        exports = ExportFlows(parts: parts)
        pages = PageTokens(keyRing: keyRing)
    }

    /// Whether the database answers; for readiness.
    package var isReady: Bool { parts.database.isReachable }
}
