import JSON
import MariaDB
import Testing

@testable import Identity
@testable import Website

/// The profile form that the schema draws.
struct ProfilePageTests {
    private static let path = "/account/profile"

    /// A schema with an attribute of every kind.
    private static func fill(_ site: SiteWorld) async throws {
        var change = ProfileSchemaChange()
        change.addStandard = ["address"]
        change.put = try [
            attribute("vegetarian", .boolean), attribute("born", .date), attribute("seen", .dateTime),
            attribute("height", .decimal) { $0.rules.maximum = "2.5" },
            attribute("children", .integer) { $0.rules.minimum = "0" },
            attribute("size", .string) { $0.rules.allowedValues = ["S", "M"] },
            attribute("tongues", .string) { $0.isMulti = true },
            attribute("staff", .string) { $0.writers = .administrator },
            attribute("score", .integer) { ($0.readers, $0.writers) = (.hidden, .hidden) },
            attribute("motto", .string) { $0.isRequired = true },
            attribute("badge", .string) { $0.isUnique = true },
        ]
        _ = try await site.core.profileSchema.change(change, site.system)
    }

    private static func attribute(
        _ code: String,
        _ kind: ProfileAttribute.Kind,
        _ change: (inout ProfileAttribute) -> Void = { _ in }
    ) throws -> ProfileAttribute {
        var attribute = ProfileAttribute(path: try #require(AttributePath(code)), kind: kind)
        attribute.displayName = "The \(code)"
        change(&attribute)
        return attribute
    }

    @Test
    func `Values of every kind are written, shown again, and taken away`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            try await Self.fill(site)
            let page = try await browser.get(Self.path)
            #expect(!page.body.contains("The score") && page.body.contains("<dt>The staff</dt>"))
            let values = [
                ("p.name", "Ada"), ("p.vegetarian", "true"), ("p.born", "1815-12-10"), ("p.seen", "2026-01-31T09:30"),
                ("p.height", "1,65"), ("p.children", "3"), ("p.size", "M"), ("p.tongues.0", "English"),
                ("p.tongues.1", ""), ("p.motto", "a\r\nb"), ("p.address.locality", "London"),
            ]
            #expect(try await browser.send(values, from: Self.path).location == Self.path)
            let after = try await browser.get(Self.path)
            #expect(after.body.contains("Your profile is saved."))
            for shown in [
                "name=\"p.name\" type=\"text\" value=\"Ada\"", "type=\"date\" value=\"1815-12-10\"",
                "type=\"datetime-local\" value=\"2026-01-31T09:30:00\"", "value=\"1.65\"", "value=\"3\"",
                "<option value=\"M\" selected>", "<option value=\"true\" selected>", "value=\"English\"",
                "a&#10;b</textarea>", "value=\"London\"", "name=\"p.tongues.2\"",
            ] {
                #expect(after.body.contains(shown), "\(shown)")
            }
            let empty = values.map { ($0.0, $0.0 == "p.motto" ? "x" : "") }
            #expect(try await browser.send(empty, from: Self.path).location == Self.path)
            let profile = try await Self.profile(site)
            #expect(profile.values.map(\.path.description) == ["motto"])
        }
    }

    private static func profile(_ site: SiteWorld) async throws -> Profile {
        let user = try await site.core.users.find(by: .email("ada@example.com"), site.system)
        return try await site.core.profiles.get(user.id, site.system)
    }

    @Test
    func `All that is wrong is told at once, beside each field and on top, and what was typed stays`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            try await Self.fill(site)
            let values = [
                ("p.name", "Ada"), ("p.born", "1815-02-30"), ("p.height", "3"), ("p.children", "-1"), ("p.size", "XL"),
                ("p.seen", "yesterday"), ("p.motto", ""),
            ]
            let page = try await browser.send(values, from: Self.path)
            #expect(page.status == 422)
            for (field, words) in [
                ("p.born", "Enter a day such as"), ("p.height", "At most 2.5."), ("p.children", "At least 0."),
                ("p.size", "Choose one of the values"), ("p.seen", "Enter a day and a time"),
                ("p.motto", "This is needed."),
            ] {
                #expect(page.body.contains("href=\"#\(field)\""), "\(field)")
                #expect(page.body.contains("id=\"\(field)-problem\">\(words)"), "\(field)")
            }
            #expect(page.body.contains("value=\"3\"") && page.body.contains("value=\"yesterday\""))
            #expect(page.body.contains("<title>Problem: Profile"))
            #expect(try await Self.profile(site).values.isEmpty)
        }
    }

    @Test
    func `Who was slower in another window is told, and may save over it`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            let stale = try #require(try await browser.get(Self.path).form(Self.path)).filter { $0.0 != "p.name" }
            _ = try await browser.send([("p.name", "First")], from: Self.path)
            let page = try await browser.post(Self.path, stale + [("p.name", "Second")])
            #expect(page.status == 422 && page.body.contains("Your profile was changed elsewhere"))
            #expect(page.body.contains("value=\"Second\""))
            let again = try #require(page.form(Self.path))
            #expect(try await browser.post(Self.path, again).location == Self.path)
            #expect(try await browser.get(Self.path).body.contains("value=\"Second\""))
        }
    }

    @Test
    func `Nobody writes what is not theirs to write, whatever a form says`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            try await Self.fill(site)
            let fields = [
                ("p.motto", "x"), ("p.staff", "boss"), ("p.score", "9"), ("p.email", "x"), ("p.", "x"), ("p.0", "x"),
            ]
            #expect(try await browser.send(fields, from: Self.path).location == Self.path)
            #expect(try await Self.profile(site).values.map(\.path.description) == ["motto"])
        }
    }

    @Test
    func `A value that somebody else has is told at its field`() async throws {
        try await withSite { site in
            let bob = Browser(site)
            try await bob.signIn("bob@example.com")
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            try await Self.fill(site)
            _ = try await bob.send([("p.motto", "x"), ("p.badge", "7")], from: Self.path)
            let page = try await browser.send([("p.motto", "x"), ("p.badge", "7")], from: Self.path)
            #expect(page.status == 422 && page.body.contains("id=\"p.badge-problem\">Somebody else has this already."))
        }
    }

    /// SECURITY WEB-06.
    @Test
    func `Hostile values, labels and groups stay text`() async throws {
        try await withSite { site in
            var change = ProfileSchemaChange()
            change.put = [
                try Self.attribute("hostile", .string) { attribute in
                    attribute.displayName = HostileTexts.all[0]
                    attribute.description = HostileTexts.all[1]
                    attribute.group = HostileTexts.all[2]
                    attribute.rules.allowedValues = HostileTexts.all
                },
                try Self.attribute("notes", .string) { $0.rules.maximumLength = 5000 },
            ]
            _ = try await site.core.profileSchema.change(change, site.system)
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            for text in HostileTexts.all {
                let values = [("p.name", text), ("p.notes", text), ("p.hostile", text)]
                #expect(try await browser.send(values, from: Self.path).location == Self.path)
                for page in [Self.path, "/account"] {
                    let body = try await browser.get(page).body
                    HostileTexts.check(body)
                }
            }
        }
    }

    @Test
    func `Names of fields and problems belong together`() throws {
        #expect(ProfileFormNames.name(ofProblem: "profile.a.b[2].c") == "p.a.b.2.c")
        #expect(ProfileFormNames.path(of: "p.a.b.2.c")?.description == "a.b.c")
        #expect(ProfileFormNames.path(of: "p.") == nil)
        let value = JSONValue.object([.init(name: "b", value: .array([.string("x"), .null, .number("1.50")]))])
        #expect(ProfileFormNames.texts(of: value, at: "p.a") == ["p.a.b.0": "x", "p.a.b.2": "1.50"])
    }
}
