import Foundation
import MariaDB
import Testing

@testable import Identity
@testable import Website

struct TextTests {
    @Test
    func `All languages have the same strings with the same placeholders`() throws {
        let files = try SiteFiles()
        var all: [String: [String: String]] = [:]
        for (language, text) in try files.texts(in: "Locales", ending: ".json") {
            all[language] = try JSONDecoder().decode([String: String].self, from: Data(text.utf8))
        }
        let english = try #require(all["en"])
        #expect(all.count == 3)
        for (language, strings) in all {
            #expect(Set(strings.keys) == Set(english.keys), "\(language)")
            for (id, text) in strings {
                #expect(Texts.placeholders(text) == Texts.placeholders(english[id] ?? ""), "\(language) \(id)")
            }
        }
    }

    @Test
    func `Every notice and error has its text`() throws {
        let texts = try TextCatalogue(files: SiteFiles()).english
        for kind in Notice.Kind.allCases { #expect(texts.ids.contains(kind.textID)) }
        for status in [400, 403, 404, 405, 413, 415, 421, 429, 500, 503] {
            #expect(texts.ids.contains("error.\(status).title") && texts.ids.contains("error.\(status).text"))
        }
        for reason in [ReasonID.signInRefused, .signInFlowEnded, .signInStepNotDue, .emailInvalid, .sessionInvalid] {
            #expect(texts.ids.contains(reason.rawValue))
        }
    }

    @Test(arguments: [
        ("de", ["de"]), ("de-AT, en;q=0.5", ["de", "en"]), ("en;q=0.1,de;q=0.9", ["de", "en"]), ("en;q=0", []),
        ("*", []), ("", []),
        ("DE_at", []), ("de;q=2", []), ("de;q=x", []), (",,;q=1,de", ["de"]), ("en;q=0.8,de;q=0.80", ["en", "de"]),
    ])
    func `A list of languages is read in order of preference`(list: String, languages: [String]) {
        #expect(LanguagePreference.languages(in: list) == languages)
    }

    @Test
    func `What is put into a string is not read again`() {
        let texts = Texts(language: "en", strings: ["a": "{x} {y} {z}"])
        #expect(texts.text("a", ["x": "{y}", "y": "1"]) == "{y} 1 {z}")
    }

    @Test
    func `Where words run from right to left, what is put among them has a direction of its own`() throws {
        let catalogue = try TextCatalogue(files: SiteFiles())
        let arabic = try #require(catalogue.texts(of: "ar"))
        let value = "ada@example.com"
        let sentence = arabic.text("addresses.sent", ["address": value])
        #expect(sentence.unicodeScalars.contains("\u{2068}") && sentence.contains("\u{2068}\(value)\u{2069}"))
        #expect(catalogue.english.text("addresses.sent", ["address": value]) == "A code is on its way to \(value).")
        // What is kept, and what is paid for by its length, holds no such marks.
        let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
        let name = try #require(DeviceWords.name(of: agent, arabic))
        let code = TextMessageValues(.signIn, siteName: "Shop", code: "123456", minutes: 5)
        for text in [name, try SiteMessages().text(code, languages: "ar")] {
            #expect(!text.unicodeScalars.contains { (0x2066...0x2069).contains($0.value) }, "\(text)")
        }
        #expect(name == "Firefox على Linux")
        #expect(DeviceWords.words(for: agent, arabic) == "\u{2068}Firefox\u{2069} على \u{2068}Linux\u{2069}")
        #expect(DeviceWords.words(for: "Weird (1)", arabic) == "\u{2068}Weird (1)\u{2069}")
    }

    /// WCAG 2.2, 2.5.3: whoever speaks to the page says what stands on a button or link.
    @Test(arguments: [
        ("addresses.make_main", "addresses.main_label"), ("addresses.prove", "addresses.prove_label"),
        ("addresses.replace", "addresses.replace_label"), ("account.remove", "addresses.remove_label"),
        ("account.rename", "account.rename_label"), ("account.remove", "account.remove_label"),
        ("account.end", "account.end_label"), ("addresses.phone_make_main", "addresses.phone_main_label"),
        ("logins.unlink", "logins.unlink_label"),
    ])
    func `What a link says is part of what it is called`(visible: String, name: String) throws {
        for texts in try TextCatalogue(files: SiteFiles()).all {
            #expect(texts[name].lowercased().contains(texts[visible].lowercased()), "\(texts.language)")
        }
    }

    @Test
    func `Fields for what runs from left to right say so`() throws {
        for (name, source) in try SiteFiles().texts(in: "Templates", ending: ".mustache") {
            let fields = source.matches(of: #/<input [^>]*>/#).map { String($0.output) }
            let known = ["email", "tel", "username", "one-time-code", "current-password", "new-password"]
            for field in fields where known.contains(where: { field.contains("autocomplete=\"\($0)") }) {
                #expect(field.contains("dir=\"ltr\"") || field.contains(" readonly hidden"), "\(name): \(field)")
            }
        }
    }

    @Test(arguments: [
        (0, "just now"), (59, "just now"), (60, "1 minute ago"), (3599, "59 minutes ago"), (3600, "1 hour ago"),
        (86_399, "23 hours ago"),
        (86_400, "yesterday"), (400_000, "4 days ago"), (-5, "just now"),
    ])
    func `A time past is put into words`(seconds: Int, words: String) throws {
        #expect(try TextCatalogue(files: SiteFiles()).english.ago(.seconds(seconds)) == words)
    }

    @Test(arguments: [
        (1, "in 1 second"), (59, "in 59 seconds"), (60, "in a minute"), (61, "in 2 minutes"), (0, "in 1 second"),
    ])
    func `A time to come is put into words`(seconds: Int, words: String) throws {
        #expect(try TextCatalogue(files: SiteFiles()).english.ahead(.seconds(seconds)) == words)
    }

    @Test
    func `The mail with a code is written in the language of the one who asked`() throws {
        let values = MessageValues(
            siteName: "Site <\u{338}b>\r\nX: y",
            siteURL: "https://id.example.com",
            content: .signInCode("ABCD-EFGH", minutes: 5)
        )
        let messages = try SiteMessages()
        let english = messages.render(values, languages: "fr")
        #expect(english.text.contains("\n    ABCD-EFGH\n"))
        #expect(english.text.contains("It is good for 5 minutes"))
        #expect(english.text.contains("Site <\u{338}b>  X: y\n"))
        #expect(english.html.utf8.contains("Site &lt;\u{338}b&gt; &#10;X: y".utf8))
        #expect(!english.html.utf8.contains("<\u{338}b>".utf8))
        #expect(!english.subject.contains("ABCD"))
        let german = messages.render(values, languages: "de-CH,en;q=0.5")
        #expect(german.html.contains("<html lang=\"de\" dir=\"ltr\">"))
        #expect(german.text.contains("Er gilt 5 Minuten"))
    }

    @Test(arguments: AccountNotice.Kind.allCases)
    func `The mail about an account says what is known and repeats nothing that was sent`(
        kind: AccountNotice.Kind
    ) throws {
        let notice = AccountNotice(
            kind,
            at: Timestamp(microsecondsSinceEpoch: 1_800_000_000_000_000),
            userAgent: "Call +1 555 0100 at once Firefox/1 https://evil.example",
            source: SourceAddress("192.0.2.7"),
            failures: 12
        )
        let values = MessageValues(siteName: "Shop", siteURL: "https://id.example.com", content: .notice(notice))
        let messages = try SiteMessages()
        for language in ["en", "de", "ar"] {
            let mail = messages.render(values, languages: language)
            #expect(mail.subject.contains("Shop") && !mail.subject.contains("notice."))
            for part in [mail.text, mail.html] {
                for fact in ["2027-01-15 08:00 UTC", "192.0.2.7", "12", "Firefox", "https://id.example.com"] {
                    #expect(part.contains(fact), "\(language) \(fact)")
                }
                #expect(!part.contains("555") && !part.contains("evil") && !part.contains("notice."))
            }
        }
    }
}
