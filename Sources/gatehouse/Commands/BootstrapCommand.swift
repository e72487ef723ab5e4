internal import ArgumentParser
internal import Cryptography
internal import Foundation
internal import Identity
internal import Logging
internal import Mail
internal import MariaDB

/// Makes the first administrator, or a new one when no administrator has a credential left.
struct BootstrapCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bootstrap",
        abstract: "Make the first administrator: a service account with all rights and its token, once.",
        discussion: """
            With --recover it makes a new one, as long as no enabled service account with all rights has a token that is \
            still good, or a certificate name. Both are written to the audit trail.
            """
    )

    @OptionGroup var settings: SettingsArguments

    @Flag(name: .long, help: "Print nothing but the token.") var quiet = false

    @Flag(name: .long, help: "Make a new administrator when no administrator has a credential left.")
    var recover = false

    func run() async throws {
        let settings = try settings.load()
        _ = Observability.start(settings)
        let logger = Logger(label: "gatehouse.bootstrap")
        let made = try await DatabaseAccess.with(settings, logger: logger) { access, directory in
            try access.bringUpToDate(settings.database.migrate, logger: logger)
            return try await Database.withRunning(access.runtime, logger: logger) { database in
                try await bootstrap(settings, directory: directory, database: database, logger: logger)
            }
        }
        print(quiet ? made.token : text(made))
    }

    /// What was made, to be shown once.
    private struct Made: Sendable {
        let name: String
        let token: String
    }

    private func bootstrap(
        _ settings: Settings,
        directory: DataDirectory,
        database: Database,
        logger: Logger
    ) async throws -> Made {
        let core = IdentityCore(
            database: database,
            keyRing: try KeyRing.load(path: settings.keyRingFile, createIfMissing: true, random: SystemRandom()),
            policy: try settings.identityPolicy(siteURL: settings.publicSiteURL),
            mail: try MailFactory.transport(settings, directory: directory),
            random: SystemRandom(),
            clock: SystemWallClock(),
            logger: logger
        )
        let context = CallContext(actor: .system, requestID: "bootstrap", deadline: .after(.seconds(30)))
        do {
            let (account, secret) =
                recover ? try await core.bootstrap.recover(context) : try await core.bootstrap.run(context)
            return Made(name: account.name, token: secret.validatedUTF8String() ?? "")
        } catch {
            throw Self.failure(error)
        }
    }

    private static func failure(_ error: FlowError) -> any Error {
        switch error.reason {
        case .alreadyBootstrapped:
            CommandFailure(
                """
                The first administrator was already made. An administrator can make further service accounts; \
                when none has a token left, `gatehouse bootstrap --recover` makes a new one.
                """
            )
        case .administratorPresent:
            CommandFailure(
                """
                Nothing to recover: an enabled administrator still has a token that is good, or a certificate name.
                """
            )
        default: error
        }
    }

    private func text(_ made: Made) -> String {
        """
        \(recover ? "A new" : "The first") administrator is a service account named "\(made.name)". Its token, shown this once:

          export GATEHOUSE_TOKEN=\(made.token)

        With it, from this directory:

          gatehouse user list
          gatehouse service-account create billing --scope sessions.validate --scope users.read
        """
    }
}
