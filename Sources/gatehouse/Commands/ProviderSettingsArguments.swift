internal import ArgumentParser
internal import Foundation

/// What an administrator gives of a provider's settings.
struct ProviderSettingsArguments: ParsableArguments {
    @Option(name: .long, help: "What people know it as.") var displayName: String?
    @Option(name: .long, help: "The issuer, as its tokens name it.") var issuer: String?
    @Option(name: .long, help: "What the provider knows this server as.") var clientID: String?
    @Option(name: .long, help: "A file with the client secret, or with the private key in PEM.") var secretFile: String?
    @Option(name: .long, help: "A scope that is asked for; may be given several times.") var scope: [String] = []
    @Option(name: .long, help: "An e-mail domain that the provider speaks for; may be given several times.")
    var trustedDomain: [String] = []
    @Option(name: .long, help: "A further host that endpoints may be on; may be given several times.")
    var endpointHost: [String] = []
    @Option(
        name: .long,
        help:
            "A further setting as NAME=JSON, such as key_id='\"K1\"' or use_userinfo=true; may be given several times."
    )
    var set: [String] = []

    /// Longest file of a secret.
    private static let maximumCount = 8192

    /// The values by the names of their JSON members, and the names of the fields.
    func values() throws -> (values: [String: Any], mask: [String]) {
        var values: [String: Any] = [:]
        var mask: [String] = []
        func give(_ field: String, _ value: Any?) {
            guard let value else { return }
            values[Self.member(field)] = value
            mask.append(field)
        }
        give("issuer", issuer)
        give("client_id", clientID)
        give("scopes", scope.isEmpty ? nil : scope)
        give("trusted_domains", trustedDomain.isEmpty ? nil : trustedDomain)
        give("endpoint_hosts", endpointHost.isEmpty ? nil : endpointHost)
        for setting in set {
            let parts = setting.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2,
                let value = try? JSONSerialization.jsonObject(with: Data(parts[1].utf8), options: .fragmentsAllowed)
            else { throw CommandFailure("--set takes NAME=JSON, such as use_userinfo=true.") }
            give(parts[0], value)
        }
        return (values, mask)
    }

    /// The secret in base 64, as JSON has it; a line break at its end is no part of it.
    func secret() throws -> String? {
        guard let secretFile else { return nil }
        guard let data = FileManager.default.contents(atPath: secretFile), data.count <= Self.maximumCount else {
            throw CommandFailure("The file of the secret cannot be read.")
        }
        let isKey = data.starts(with: Data("-----BEGIN".utf8))
        let secret = isKey ? data : data.prefix { $0 != 0x0A && $0 != 0x0D }
        return secret.base64EncodedString()
    }

    /// `client_id` as JSON has it: `clientId`.
    private static func member(_ field: String) -> String {
        let words = field.split(separator: "_")
        return words.prefix(1).joined() + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }
}

enum ProviderDisplay {
    static func provider(_ answer: JSONAnswer) -> String {
        let provider = answer["provider"]
        let settings = provider["settings"]
        let fields = [
            ("id", provider["id"].text), ("name", provider["name"].text),
            ("display name", provider["displayName"].text), ("preset", provider["preset"].text),
            ("sign-in", provider["enabled"].text == "yes" ? "enabled" : "disabled"),
            ("secret", provider["hasSecret"].text == "yes" ? "stored" : "missing"), ("issuer", settings["issuer"].text),
            ("client", settings["clientId"].text),
            ("scopes", settings["scopes"].elements.map(\.text).joined(separator: " ")),
            ("trusted domains", settings["trustedDomains"].elements.map(\.text).joined(separator: ", ")),
            ("revision", provider["revision"].text),
        ]
        return FieldList(fields: fields).text
    }

    static func report(_ answer: JSONAnswer) -> String {
        let lines = answer["findings"].elements.map { finding in
            let mark =
                switch finding["verdict"].text {
                case "good": "ok      "
                case "doubtful": "look at "
                default: "wrong   "
                }
            return mark + TerminalText.safe(finding["sentence"].text)
        }
        let verdict =
            answer["good"].text == "yes" ? "People can sign in with it." : "Nobody can sign in with it like this."
        return (lines + ["", verdict]).joined(separator: "\n")
    }
}
