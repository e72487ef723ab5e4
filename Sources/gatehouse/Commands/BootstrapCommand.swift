internal import ArgumentParser
internal import Cryptography
internal import Foundation
internal import Identity
internal import Logging
internal import Mail
internal import MariaDB

/// Makes the first administrator.
struct BootstrapCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bootstrap",
        abstract: "Make the first administrator: a service account with all rights and its token, once."
    )

    @OptionGroup var settings: SettingsArguments

    @Flag(name: .long, help: "Print nothing but the token.") var quiet = false

    func run() async throws {
        let settings = try settings.load()
        _ = Observability.start(settings)
        let logger = Logger(label: "gatehouse.bootstrap")
        let directory = try DataDirectory(path: settings.dataDirectory)
        let access = try DatabaseAccess.attach(settings, directory: directory, logger: logger)
        defer { access.close() }
        try access.bringUpToDate(settings.database.migrate, logger: logger)
        let secret = try await DatabaseSession.with(access.runtime, logger: logger) { database in
            try await bootstrap(settings, directory: directory, database: database, logger: logger)
        }
        print(quiet ? secret : text(secret))
    }

    private func bootstrap(
        _ settings: Settings,
        directory: DataDirectory,
        database: Database,
        logger: Logger
    ) async throws -> String {
        let core = IdentityCore(
            database: database,
            keyRing: try KeyRing.load(path: settings.keyRingFile, createIfMissing: true, random: SystemRandom()),
            policy: settings.identityPolicy(siteURL: settings.publicSiteURL),
            mail: try MailFactory.transport(settings, directory: directory),
            random: SystemRandom(),
            clock: SystemWallClock(),
            logger: logger
        )
        let context = CallContext(actor: .system, requestID: "bootstrap", deadline: .after(.seconds(30)))
        do {
            return try await core.bootstrap.run(context).secret.validatedUTF8String() ?? ""
        } catch {
            guard error.reason == .alreadyBootstrapped else { throw error }
            throw CommandFailure(
                "The first administrator was already made. An administrator can make further service accounts."
            )
        }
    }

    private func text(_ secret: String) -> String {
        """
        The first administrator is a service account named "administrator". Its token, shown this once:

          export GATEHOUSE_TOKEN=\(secret)

        With it, from this directory:

          gatehouse user list
          gatehouse service-account create billing --scope sessions.validate --scope users.read
        """
    }
}
