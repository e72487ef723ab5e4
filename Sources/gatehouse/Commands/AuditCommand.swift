internal import ArgumentParser
internal import Cryptography
internal import Foundation
internal import Wire

/// The audit trail: reading, following, keeping and checking it.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "List, follow, export and verify the audit trail.",
        subcommands: [List.self, Watch.self, Verify.self, Export.self, Head.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List sealed events.",
            discussion: """
                One of --user, --actor, --kind and --outcome can be given, with --since and --until or without; \
                --from-number and --to-number only alone. Without --oldest-first the newest event comes first.
                """
        )
        @OptionGroup var administration: AdministrationArguments
        @Option(name: .long, help: "Only events about this user.") var user: String?
        @Option(name: .long, help: "Only what this user or service account did.") var actor: String?
        @Option(name: .long, help: "Only events of this kind: sign_in.refused.") var kind: String?
        @Option(name: .long, help: "Only events that ended so.") var outcome: Outcome?
        @Option(name: .long, help: "Only events at this time or later, RFC 3339: 2026-01-31T08:00:00Z.")
        var since: String?
        @Option(name: .long, help: "Only events before this time, RFC 3339.") var until: String?
        @Option(name: .long, help: "The least number.") var fromNumber: UInt64?
        @Option(name: .long, help: "The greatest number.") var toNumber: UInt64?
        @Flag(name: .long, help: "The oldest event first.") var oldestFirst = false
        @OptionGroup var length: ListLimit

        enum Outcome: String, CaseIterable, ExpressibleByArgument {
            case success, failure, denied
        }

        func run() async throws {
            let texts: [String: String?] = [
                "subjectUserId": user, "actorId": actor, "kind": kind, "fromTime": since, "untilTime": until,
                "outcome": outcome.map { "AUDIT_OUTCOME_\($0.rawValue.uppercased())" },
                "firstSequence": fromNumber.map(String.init), "lastSequence": toNumber.map(String.init),
            ]
            var fields: [String: Any] = texts.compactMapValues { $0 }
            fields["newestFirst"] = !oldestFirst
            try await AdministrationSession(arguments: administration).list(
                "AuditService/ListEvents",
                fields,
                items: "events",
                limit: length.limit,
                header: AuditDisplay.header,
                row: AuditDisplay.row
            )
        }
    }

    struct Watch: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print events as they are sealed, until interrupted.",
            discussion: """
                Goes on by itself when the server is restarted. With --json a line is one event, and the last \
                `sequence` printed is what --after takes.
                """
        )
        @OptionGroup var administration: AdministrationArguments
        @Option(name: .long, help: "Begin after this number; 0 for the whole trail. Default: with what is new.")
        var after: UInt64?

        func run() async throws {
            try await AuditFeed(administration).follow(after: after) { event in
                let line = administration.json ? event.json : AuditDisplay.line(JSONAnswer(event.json))
                // Not `print`, which keeps lines back when nobody looks at a terminal.
                FileHandle.standardOutput.write(Data((line + "\n").utf8))
            }
        }
    }

    struct Head: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the end of the trail as NUMBER:DIGEST.",
            discussion: "Kept elsewhere, it is what `audit verify --anchor` takes: nobody can cut the trail before it."
        )
        @OptionGroup var administration: AdministrationArguments

        func run() async throws {
            try await AdministrationSession(arguments: administration).run("AuditService/GetAuditHead", [:]) { answer in
                let digest = Data(base64Encoded: answer["head"]["digest"].text) ?? Data()
                let sequence = answer["head"]["sequence"].text
                return "\(sequence.isEmpty ? "0" : sequence):\(Hex.encode(Array(digest)))"
            }
        }
    }
}

/// How events are shown to people.
enum AuditDisplay {
    static let header = ["NUMBER", "TIME", "KIND", "OUTCOME", "ACTOR", "ABOUT", "DETAILS"]

    static func row(_ event: JSONAnswer) -> [String] {
        let outcome = event["outcome"].text.replacing("AUDIT_OUTCOME_", with: "").lowercased()
        let reason = event["reason"].text
        let actor = event["actorKind"].text.replacing("AUDIT_ACTOR_KIND_", with: "").lowercased()
        let actorID = event["actorId"].text
        let subject = [event["subjectUserId"].text, event["subjectId"].text].filter { !$0.isEmpty }
        return [
            event["sequence"].text, event["occurTime"].text, event["kind"].text,
            reason.isEmpty ? outcome : "\(outcome) \(reason)",
            actor.isEmpty ? "-" : actorID.isEmpty ? actor : "\(actor) \(actorID)",
            subject.isEmpty ? "-" : subject.joined(separator: " "), event["details"].text,
        ]
    }

    static func line(_ event: JSONAnswer) -> String {
        row(event).map(TerminalText.safe).joined(separator: "  ")
    }
}
