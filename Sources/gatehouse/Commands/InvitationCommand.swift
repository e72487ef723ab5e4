internal import ArgumentParser

/// Invitations of people who are no users yet.
struct InvitationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invitation",
        abstract: "Invite people, and list, resend and revoke invitations.",
        subcommands: [Create.self, List.self, Resend.self, Revoke.self]
    )

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send somebody a link that makes them a user; a link sent to them before is void."
        )
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "E-mail address.") var email: String
        @Option(name: .long, help: "Id under which an older system knew the person.") var externalID: String?
        @Option(name: .long, help: "Days for which the link is good, 1 to 30; 7 if not given.") var lifetimeDays:
            UInt32?
        @Option(name: .long, help: "Languages of the message in order of preference: de, en.") var languages: String?

        func run() async throws {
            var fields: [String: Any] = ["email": email]
            fields["externalId"] = externalID
            fields["lifetimeDays"] = lifetimeDays
            fields["languages"] = languages
            try await AdministrationSession(arguments: administration)
                .run("InvitationService/CreateInvitation", fields, display: InvitationDisplay.invitation)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List invitations in the order of their making.")
        @OptionGroup var administration: AdministrationArguments
        @OptionGroup var length: ListLimit

        func run() async throws {
            try await AdministrationSession(arguments: administration).list(
                "InvitationService/ListInvitations",
                [:],
                items: "invitations",
                limit: length.limit,
                header: ["ID", "STATE", "ADDRESS", "GOOD UNTIL"],
                row: InvitationDisplay.row
            )
        }
    }

    struct Resend: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Send a new link; the one before is void.")
        @OptionGroup var target: InvitationArguments

        func run() async throws { try await target.run("InvitationService/ResendInvitation") }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Void the link of an invitation.")
        @OptionGroup var target: InvitationArguments

        func run() async throws { try await target.run("InvitationService/RevokeInvitation") }
    }
}

/// The invitation a change is for, and the revision it expects.
struct InvitationArguments: ParsableArguments {
    @OptionGroup var administration: AdministrationArguments
    @Argument(help: "Id of the invitation.") var invitation: String
    @Option(name: .long, help: "Refuse when the invitation's revision is another one.") var expectedRevision: UInt64?

    func run(_ method: String) async throws {
        var fields: [String: Any] = ["invitationId": invitation]
        if let expectedRevision { fields["expectedRevision"] = String(expectedRevision) }
        try await AdministrationSession(arguments: administration)
            .run(method, fields, display: InvitationDisplay.invitation)
    }
}

/// How invitations look on a terminal.
enum InvitationDisplay {
    static func invitation(_ answer: JSONAnswer) -> String {
        let invitation = answer["invitation"]
        let fields = [
            ("id", invitation["id"].text), ("state", state(invitation)), ("address", invitation["email"].text),
            ("external id", invitation["externalId"].text), ("user", invitation["userId"].text),
            ("good until", invitation["expireTime"].text), ("revision", invitation["revision"].text),
        ]
        return FieldList(fields: fields.filter { !$0.1.isEmpty }).text
    }

    static func row(_ invitation: JSONAnswer) -> [String] {
        [invitation["id"].text, state(invitation), invitation["email"].text, invitation["expireTime"].text]
    }

    private static func state(_ invitation: JSONAnswer) -> String {
        UserDisplay.word(invitation["state"].text, after: "INVITATION_STATE_")
    }
}
