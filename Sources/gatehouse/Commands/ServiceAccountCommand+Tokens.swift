internal import ArgumentParser
internal import Foundation

extension ServiceAccountCommand {
    struct CreateToken: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a token. At most two live: make the new one, deploy it, revoke the old one."
        )
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Id of the service account.") var account: String
        @Option(name: .long, help: "Days it is good for, 1 to 366.") var days: Int = 90

        func run() async throws {
            let fields: [String: Any] = ["serviceAccountId": account, "lifetimeDays": days]
            try await AdministrationSession(arguments: administration)
                .run("ServiceAccountService/CreateServiceToken", fields) { answer in
                    let secret = Data(base64Encoded: answer["secret"].text).map { String(decoding: $0, as: UTF8.self) }
                    return FieldList(fields: [
                        ("id", answer["token"]["id"].text), ("expires", answer["token"]["expireTime"].text),
                        ("token", secret ?? ""), ("", "Shown this once; keep it where only its service can read it."),
                    ]).text
                }
        }
    }

    struct RevokeToken: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End a token at once.")
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Id of the service account.") var account: String
        @Argument(help: "Id of the token, as `show` lists it.") var token: String

        func run() async throws {
            let fields = ["serviceAccountId": account, "tokenId": token]
            try await AdministrationSession(arguments: administration)
                .run("ServiceAccountService/RevokeServiceToken", fields) { _ in "Ended." }
        }
    }
}

/// How service accounts look on a terminal.
enum ServiceAccountDisplay {
    static func account(_ answer: JSONAnswer) -> String {
        let account = answer["serviceAccount"]
        var fields = [
            ("id", account["id"].text), ("name", account["name"].text), ("scopes", scopes(account)),
            ("calls", account["disabled"].text == "yes" ? "disabled" : "enabled"),
        ]
        if !account["description"].text.isEmpty { fields.append(("description", account["description"].text)) }
        for name in account["certificateNames"].elements { fields.append(("certificate", name.text)) }
        for token in account["tokens"].elements {
            let use = token["lastUseTime"].text.isEmpty ? "never used" : "last used \(token["lastUseTime"].text)"
            fields.append(("token", "\(token["id"].text) expires \(token["expireTime"].text), \(use)"))
        }
        fields.append(("revision", account["revision"].text))
        return FieldList(fields: fields).text
    }

    static func scopes(_ account: JSONAnswer) -> String {
        let scopes = account["scopes"].elements.map(\.text)
        return scopes.isEmpty ? "none" : scopes.joined(separator: ", ")
    }
}
