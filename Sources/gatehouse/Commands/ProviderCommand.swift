internal import ArgumentParser
internal import Foundation

/// Providers that people sign in with.
struct ProviderCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "provider",
        abstract: "Let people sign in with OpenID Connect and OAuth 2.0 providers.",
        subcommands: [Create.self, Show.self, List.self, Update.self, Test.self, Delete.self]
    )

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a provider from a preset.")
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Name, part of addresses: 1 to 40 of a-z, 0-9 and hyphens.") var name: String
        @Option(name: .long, help: "generic, google, microsoft, apple, github or gitlab.") var preset = "generic"
        @Flag(name: .long, help: "Switch it on at once; needs a secret.") var enable = false
        @OptionGroup var settings: ProviderSettingsArguments

        func run() async throws {
            var fields: [String: Any] = ["name": name, "preset": preset, "enabled": enable]
            fields["displayName"] = settings.displayName
            fields["clientSecret"] = try settings.secret()
            let (values, mask) = try settings.values()
            fields["settings"] = values
            if !mask.isEmpty { fields["settingsMask"] = mask.joined(separator: ",") }
            try await AdministrationSession(arguments: administration)
                .run("ProviderService/CreateProvider", fields, display: ProviderDisplay.provider)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show one provider with its settings.")
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Id or name of the provider.") var provider: String

        func run() async throws {
            let session = AdministrationSession(arguments: administration)
            let fields = ["providerId": try await session.providerID(provider)]
            try await session.run("ProviderService/GetProvider", fields, display: ProviderDisplay.provider)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List providers.")
        @OptionGroup var administration: AdministrationArguments
        @OptionGroup var length: ListLimit

        func run() async throws {
            try await AdministrationSession(arguments: administration).list(
                "ProviderService/ListProviders",
                [:],
                items: "providers",
                limit: length.limit,
                header: ["NAME", "ISSUER", "CLIENT", ""]
            ) { provider in
                [
                    provider["name"].text, provider["settings"]["issuer"].text, provider["settings"]["clientId"].text,
                    provider["enabled"].text == "yes" ? "" : "off",
                ]
            }
        }
    }

    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Change a provider; what is not given stays.")
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Id or name of the provider.") var provider: String
        @Flag(name: .long, inversion: .prefixedEnableDisable, help: "Whether people can sign in with it.")
        var signIn: Bool?
        @OptionGroup var settings: ProviderSettingsArguments

        func run() async throws {
            let session = AdministrationSession(arguments: administration)
            var fields: [String: Any] = [:]
            let (values, ofSettings) = try settings.values()
            var mask = ofSettings.map { "settings." + $0 }
            func give(_ name: String, _ field: String, _ value: Any?) {
                guard let value else { return }
                fields[field] = value
                mask.append(name)
            }
            give("display_name", "displayName", settings.displayName)
            give("enabled", "enabled", signIn)
            give("client_secret", "clientSecret", try settings.secret())
            guard !mask.isEmpty else { throw CommandFailure("Nothing to change was given.") }
            fields["settings"] = values
            fields["updateMask"] = mask.joined(separator: ",")
            fields["providerId"] = try await session.providerID(provider)
            try await session.run("ProviderService/UpdateProvider", fields, display: ProviderDisplay.provider)
        }
    }

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ask a provider for its document and keys, and say what is wrong."
        )
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Id or name of the provider.") var provider: String

        func run() async throws {
            let session = AdministrationSession(arguments: administration)
            let fields = ["providerId": try await session.providerID(provider)]
            try await session.run("ProviderService/TestProvider", fields, display: ProviderDisplay.report)
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete a provider.")
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Id or name of the provider.") var provider: String
        @Flag(name: .long, help: "Also when people sign in with it; their logins go with it.") var evenIfUsed = false

        func run() async throws {
            let session = AdministrationSession(arguments: administration)
            let fields: [String: Any] = [
                "providerId": try await session.providerID(provider), "evenIfUsed": evenIfUsed,
            ]
            try await session.run("ProviderService/DeleteProvider", fields) { _ in "Deleted." }
        }
    }
}

extension AdministrationSession {
    /// The id of a provider that is called by its id or its name.
    fileprivate func providerID(_ text: String) async throws -> String {
        guard UUID(uuidString: text) == nil else { return text }
        return try await ask("ProviderService/GetProvider", ["name": text])["provider"]["id"].text
    }
}
