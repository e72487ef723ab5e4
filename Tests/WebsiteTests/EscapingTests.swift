import Testing

@testable import Website

struct EscapingTests {
    @Test(arguments: [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("\"\u{301} onfocus=alert(1)", "&quot;\u{301} onfocus=alert(1)"),
        ("<\u{338}img>", "&lt;\u{338}img&gt;"),
        ("&\u{301}'\u{338}`\u{301}", "&amp;\u{301}&#39;\u{338}&#96;\u{301}"),
        ("a\r\nb\nc\rd\0e\u{7F}", "a &#10;b&#10;c d e "),
        ("{{7*7}}{{{x}}}", "{{7*7}}{{{x}}}"),
        ("é 😀", "é 😀"),
    ])
    func `Text is escaped byte by byte`(text: String, escaped: String) {
        // Bytes, since strings that are canonically equal compare equal.
        #expect(Array(ByteWiseHTML.escape(text).utf8) == Array(escaped.utf8))
    }

    @Test
    func `No page lets a value out of its place`() throws {
        let payloads = ["\"\u{301} onfocus=\"x", "<\u{338}img src=x>", "</title><script>x</script>", "'>\r\n<b>"]
        let files = try SiteFiles()
        let texts = try TextCatalogue(files: files).english
        let library = try TemplateLibrary(
            sources: files.texts(in: "Templates", ending: ".mustache"),
            samples: SiteParts.samples(texts)
        )
        for payload in payloads {
            let session = SessionsContent.SessionView(
                id: payload,
                device: payload,
                application: payload,
                detail: payload,
                endLabel: payload
            )
            let page = AccountPage(
                layout: .sample(texts),
                text: texts,
                formToken: payload,
                notice: NoticeView(problem: true, message: payload, fieldPath: nil),
                title: payload,
                content: SessionsContent(current: session, hasOthers: true, others: [session])
            )
            let html = library.render(page, with: SessionsContent.template)
            #expect(!html.utf8.contains(payload.utf8))
            #expect(html.utf8.contains(ByteWiseHTML.escape(payload).utf8))
            let sample = AccountPage<SessionsContent>.sample(texts)
            let plain = library.render(sample, with: SessionsContent.template)
            // Not one tag more than the page has without it; the notice of the sample has a link, too.
            let tags = [html, plain].map { $0.utf8.count { $0 == UInt8(ascii: "<") } }
            #expect(tags[0] == tags[1] - 2)
            let quotes = [html, plain].map { $0.utf8.count { $0 == UInt8(ascii: "\"") } }
            #expect(quotes[0] == quotes[1] - 2)
        }
    }
}
