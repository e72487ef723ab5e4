import MariaDB
import Testing

@testable import Identity

/// SECURITY DB-01, F7, RPC-12: what strangers put into fields.
@Suite(.serialized) struct HostileInputTests {
    private static let texts = [
        "'", "\"", "\\", "\\'", "`", ";", "--", "/*", "%", "_", "?", "' OR '1'='1", "'; DROP TABLE users; -- ", "\u{0}",
        "a\u{0}b", "\u{1}",
        "\r\n", "\u{1B}[2J", "\u{202E}", "\u{200B}", "\u{FEFF}", "\u{FFFD}", "\u{10FFFF}", "\u{301}", "\"\u{301}", "😀",
        "",
        " ", String(repeating: "x", count: 70_000), String(repeating: "'", count: 321), "${x}", "{{x}}", "<script>",
        "=1+1",
    ]

    @Test func `no text in any field does more than be stored or refused`() async throws {
        try await withCore { world in
            let keeper = try await world.makeUser("keeper@example.com")
            let (account, _) = try await world.makeAccount("keeper", scopes: [])
            for text in Self.texts {
                let users = world.core.users
                for kind in IdentifierKind.allCases {
                    let request = NewUser(identifiers: [NewIdentifier(kind: kind, value: text)])
                    check(await attempt { try await users.create(request, world.system) })
                }
                check(
                    await attempt { try await users.create(NewUser(identifiers: [], externalID: text), world.system) }
                )
                for name in [UserName.email(text), .phone(text), .username(text), .externalID(text)] {
                    check(await attempt { try await users.find(by: name, world.system) })
                }
                check(await attempt { try await users.disable(keeper.id, reason: text, world.system) })
                check(await attempt { try await users.list(PageRequest(token: text), world.system) })
                let changes = ServiceAccountChanges(name: text, description: text, certificateNames: [text])
                check(await attempt { try await world.core.serviceAccounts.update(account.id, changes, world.system) })
                var context = world.system
                context.requestID = text
                context.userAgent = text
                let hostile = context
                check(await attempt { try await users.enable(keeper.id, hostile) })
            }
            let kept = try await world.core.users.get(keeper.id, world.system)
            #expect(kept.identifiers.map(\.value) == ["keeper@example.com"])
        }
    }

    /// A refusal must be the caller's fault, never a failure inside.
    private func check<R>(_ result: Result<R, FlowError>, sourceLocation: SourceLocation = #_sourceLocation) {
        guard let refusal = result.refusal else { return }
        #expect(
            refusal.reason != .internalFailure,
            "\(String(describing: refusal.cause))",
            sourceLocation: sourceLocation
        )
        switch refusal.code {
        case .invalidInput, .notFound, .alreadyExists: break
        default: Issue.record("\(refusal)", sourceLocation: sourceLocation)
        }
    }
}
