import Cryptography
import Logging
import Mail
import MariaDB
import OutboundHTTP

/// What every flow works with; made once by `IdentityCore`, then never changed.
package final class CoreParts: Sendable {
    let database: Database
    let keyRing: KeyRing
    let policy: IdentityPolicy
    let mail: any MailTransport
    /// Sends short messages; nil where nothing does.
    let texts: (any TextMessageTransport)?
    /// Asks providers.
    let http: any OutboundHTTP
    let random: any RandomSource
    let clock: any WallClock
    let logger: Logger
    /// When sessions and tokens were last used on this node, until it is written.
    let lastUses = LastUses()
    /// Puts messages into words.
    let templates: any MessageTemplates
    /// Wakes this process's delivery worker when a message was committed.
    let outboxSignal = OutboxSignal()
    /// Wakes this process's sealer of the audit trail when something was committed.
    let auditSignal = OutboxSignal()
    /// Those in this process who wait for sealed events.
    let auditWatchers = AuditWatchers()
    /// Hashes and checks passwords and recovery codes.
    let passwordHasher: PasswordHasher
    /// Versions of the profile schema, which never change.
    let profileSchemas = ProfileSchemaCache()
    /// What providers told of themselves.
    let providerDocuments = ProviderDocuments()
    /// This process, for leases.
    let node: NodeID

    init(
        database: Database,
        keyRing: KeyRing,
        policy: IdentityPolicy,
        mail: any MailTransport,
        texts: (any TextMessageTransport)?,
        http: any OutboundHTTP,
        random: any RandomSource,
        clock: any WallClock,
        logger: Logger,
        templates: any MessageTemplates = EnglishMessages()
    ) {
        self.database = database
        self.keyRing = keyRing
        self.policy = policy
        self.mail = mail
        self.texts = texts
        self.http = http
        self.random = random
        self.clock = clock
        self.logger = logger
        self.templates = templates
        passwordHasher = PasswordHasher(policy.passwords.hashing, keyRing: keyRing, random: random, logger: logger)
        node = NodeID.make(at: clock.now(), random: random)
    }

    /// Makes a new id from this core's clock and randomness.
    func makeID<Kind>(_: ID<Kind>.Type = ID<Kind>.self) -> ID<Kind> {
        ID<Kind>.make(at: clock.now(), random: random)
    }
}
