import Testing

@testable import Passwords

/// Passwords made of what a guesser knows of a user (SECURITY PW-06).
struct ContextWordTests {
    private static let context = PasswordContext(
        identifiers: ["alice.smith42@mail.example.com", "+491701234567", "asmith"],
        names: ["Alice Müller-Smith", "王伟"]
    )

    private func problems(_ password: String, siteNames: [String] = ["Gatehouse", "Acme Corp."]) throws
        -> [PasswordProblem]
    {
        let policy = try #require(PasswordPolicy(minimumAlone: 8, blocklists: [], siteNames: siteNames))
        switch try policy.review(password, for: .alone, context: Self.context) {
        case .accepted: return []
        case .refused(let problems): return problems
        }
    }

    @Test(arguments: [
        // As they are, and in other spellings.
        "alice.smith42@mail.example.com", "ALICESMITH42", "alice_smith", "smith alice", "491701234567",
        "+49 170 1234567",
        "asmith asmith", "ｓｍｉｔｈ　ａｌｉｃｅ",
        // With trivial additions.
        "alice1990", "Alice2026!!", "!!!alice!!!", "123alice456smith789", "alicexy1", "a1 alice", "asmith--------",
        "a.l.i.c.e.1.2.3", "smithalicesmithalice",
        // With digits and signs for letters.
        "4lice5mith", "@lice $mith", "al1ce!!!!", "4L1C3!2026",
    ])
    func `A password made of the user's identifiers is refused`(password: String) throws {
        #expect(try problems(password).contains(.contextWord(.identifier)))
    }

    @Test(arguments: ["Müller-Smith", "mu\u{308}ller1990", "MÜLLER SMITH", "王伟王伟王伟王伟", "王伟123456"])
    func `A password made of the user's name is refused`(password: String) throws {
        #expect(try problems(password).contains(.contextWord(.name)))
    }

    @Test(arguments: ["gatehouse", "G4t3h0u53!", "Gatehouse2026", "acmecorp1", "Acme Corp. Acme Corp.", "my gatehouse"])
    func `A password made of the site's name is refused`(password: String) throws {
        #expect(try problems(password) == [.contextWord(.site)])
    }

    @Test func `Words of several kinds together are named together`() throws {
        #expect(try problems("gatehouse müller") == [.contextWord(.name), .contextWord(.site)])
        #expect(try problems("müller@gatehouse asmith").count == 3)
    }

    @Test(arguments: [
        "alice likes trains", "gatehousekeeper", "smithereens", "malice in wonderland", "491701234568",
        "734917012345679",
        "müsli-smoothie", "acmetropolis", "xyz alice",
    ])
    func `A near miss is accepted`(password: String) throws {
        #expect(try problems(password) == [])
    }

    @Test func `Short words and empty ones count for nothing`() throws {
        let policy = try #require(
            PasswordPolicy(minimumAlone: 8, blocklists: [], siteNames: ["", " ", "a", "io", "--"])
        )
        let context = PasswordContext(identifiers: ["", "b.c@d.io"], names: ["Q", ""])
        for password in ["aioaioaioaio io", "qbcbdqio q", "12345678", "!!!!----"] {
            guard case .refused(let problems) = try policy.review(password, for: .alone, context: context) else {
                continue
            }
            #expect(!problems.contains { if case .contextWord = $0 { true } else { false } })
        }
        // The address as a whole is long enough to count.
        let whole = try policy.review("bcdio1990", for: .alone, context: context)
        guard case .refused(let problems) = whole else {
            Issue.record("the address itself is taken")
            return
        }
        #expect(problems == [.contextWord(.identifier)])
    }

    @Test func `A profile of any size is looked at within bounds`() throws {
        let names = (0..<5000).map { "name\($0) " + String(repeating: "x", count: 500) }
        let words = ContextWord.words(of: names, kind: .name)
        #expect(words.count == ContextWord.maximumCount)
        #expect(words.allSatisfy { $0.scalars.count <= ContextWord.longest })
    }
}
