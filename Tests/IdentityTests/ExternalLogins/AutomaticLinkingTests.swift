import Cryptography
import JSON
import MariaDB
import OpenIDConnect
import Synchronization
import Testing

@testable import Identity

/// SECURITY OI-10: all sixteen ways in which an address could find an account.
struct AutomaticLinkingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let isTrusted, isVerifiedThere, isVerifiedHere, isOnlyWay: Bool

        static let all = (0..<16).map { bits in
            Case(
                isTrusted: bits & 1 != 0,
                isVerifiedThere: bits & 2 != 0,
                isVerifiedHere: bits & 4 != 0,
                isOnlyWay: bits & 8 != 0
            )
        }

        var links: Bool { isTrusted && isVerifiedThere && isVerifiedHere && isOnlyWay }

        var testDescription: String {
            "trusted \(isTrusted), verified there \(isVerifiedThere), here \(isVerifiedHere), only way \(isOnlyWay)"
        }
    }

    @Test(arguments: Case.all)
    func `an account is found by address under all conditions together, and its sessions end`(_ row: Case) async throws
    {
        let trusted = row.isTrusted ? ["example.com"] : []
        let world = try await ProviderWorld(settings: { $0.trustedDomains = trusted })
        let victim = try await world.world.makeUser("ada@example.com")
        if row.isVerifiedHere { try await world.world.run("UPDATE user_identifiers SET verified_at = NOW(6)") }
        if !row.isOnlyWay { try await Self.addPassword(world.world) }
        let before = try await world.world.makeSession(of: victim.id)
        let outcome = try await world.signIn([
            "sub": .string("ada"), "email": .string("Ada@Example.com"),
            "email_verified": row.isVerifiedThere ? .bool(true) : .string("true"),
        ])
        let isIn = try? await world.core.sessions.validate(token: before.token, world.world.anonymous())
        if row.links {
            #expect(outcome.signedIn?.session.userID == victim.id && outcome.signedIn?.isNewUser == false)
            #expect(isIn == nil, "whoever was in before is still in")
        } else {
            #expect(outcome.signedIn?.session.userID != victim.id)
            let linked = try await world.world.number(
                "SELECT COUNT(*) FROM external_logins l JOIN user_identifiers i ON i.user_id = l.user_id"
            )
            #expect(isIn != nil && linked == 0)
            // Where the address is vouched for, nobody else gets it, and nobody learns that it is there.
            if row.isTrusted, row.isVerifiedThere { #expect(outcome.refusal == .unknown) }
        }
    }

    private static func addPassword(_ world: CoreWorld) async throws {
        try await world.run(
            """
            INSERT INTO passkeys (id, user_id, credential_id, public_key, relying_party_id, signature_count,
                is_user_verified, is_backup_eligible, is_backed_up, aaguid, name, created_at)
            SELECT id, id, 'x', 'x', 'example.com', 0, FALSE, FALSE, FALSE, UNHEX(REPEAT('00', 16)), 'key', NOW(6) FROM users
            """
        )
    }
}
