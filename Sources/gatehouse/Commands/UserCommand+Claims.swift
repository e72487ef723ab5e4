internal import ArgumentParser

extension UserCommand {
    struct Claims: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what tokens may say of a user, as a token issuer is told."
        )
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Id of the user.") var user: String
        @Option(name: .long, help: "A scope of the token request; may be given several times.")
        var scope: [String] = []
        @Option(name: .long, help: "A claim by name; may be given several times.")
        var claim: [String] = []
        @Option(name: .long, help: "Id of the session that the token is for; adds sid, auth_time, acr and amr.")
        var session: String?

        func run() async throws {
            let fields: [String: Any] = [
                "userId": user, "sessionId": session ?? "", "scopes": scope, "claims": claim,
            ]
            try await AdministrationSession(arguments: administration)
                .run("ClaimService/GetClaims", fields) { answer in
                    FieldList(fields: answer["claims"].elements.map { ($0["name"].text, $0["json"].text) }).text
                }
        }
    }
}
