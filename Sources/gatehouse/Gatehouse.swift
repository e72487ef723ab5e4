internal import ArgumentParser

/// The one program: the server, its tools, and the administration commands, which are RPC clients.
@main
struct Gatehouse: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "gatehouse",
        abstract: "User management and authentication: the server and its administration.",
        version: version,
        groupedSubcommands: [
            CommandGroup(
                name: "Server",
                subcommands: [
                    ServeCommand.self, MigrateCommand.self, BootstrapCommand.self, KeysCommand.self, ConfigCommand.self,
                    BlocklistCommand.self,
                ]
            ),
            CommandGroup(
                name: "Administration",
                subcommands: [
                    UserCommand.self, ImportCommand.self, ExportCommand.self, InvitationCommand.self, RoleCommand.self,
                    GroupCommand.self, ProfileCommand.self,
                    ProfileSchemaCommand.self,
                    SessionCommand.self, PasswordCommand.self, PasskeyCommand.self,
                    TotpCommand.self, RecoveryCodesCommand.self, ThrottleCommand.self, ProviderCommand.self,
                    ServiceAccountCommand.self, ApplicationCommand.self, AuditCommand.self, CallCommand.self,
                    MethodsCommand.self,
                ]
            ),
        ]
    )
}
