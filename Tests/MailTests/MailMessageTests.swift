import Mail
import Testing

@Suite struct MailMessageTests {
    @Test func `a plain message is these bytes`() throws {
        let message = try sampleMessage(headers: [("Auto-Submitted", "auto-generated")])
        let expected = """
            From: "Gatehouse" <noreply@gatehouse.example>
            To: user@example.com
            Subject: Your code
            Date: Mon, 23 Nov 2026 10:15:00 +0000
            Message-ID: <0123abcd@gatehouse.example>
            Auto-Submitted: auto-generated
            MIME-Version: 1.0
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: quoted-printable

            The code is ABCD-EFGH.

            """
        let bytes = expected.utf8.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }
        #expect(try message.rfc5322() == bytes)
    }

    @Test(arguments: hostileValues)
    func `a hostile subject stays in its field and keeps its text`(subject: String) throws {
        let bytes = try sampleMessage(subject: subject).rfc5322()
        let reader = MIMEReader(bytes)
        #expect(reader.fields.map(\.name) == MIMEReader(try sampleMessage().rfc5322()).fields.map(\.name))
        #expect(hasSoundLines(bytes))
        #expect(!bytes.contains(0))
        #expect(bytes.allSatisfy { $0 < 0x80 })
        let decoded = MIMEReader.decodedWords(try #require(reader.value("Subject")))
        #expect(Array(decoded.utf8) == Array(withoutControls(subject).utf8))
    }

    @Test(arguments: hostileValues)
    func `a hostile sender name stays beside the one address`(name: String) throws {
        let bytes = try sampleMessage(fromName: name).rfc5322()
        let reader = MIMEReader(bytes)
        #expect(reader.fields.map(\.name) == MIMEReader(try sampleMessage().rfc5322()).fields.map(\.name))
        #expect(hasSoundLines(bytes))
        let from = try #require(reader.value("From"))
        #expect(from.hasSuffix(" <noreply@gatehouse.example>"))
        let phrase = String(from.dropLast(" <noreply@gatehouse.example>".count))
        let shown = phrase.hasPrefix("\"") ? unquoted(phrase) : MIMEReader.decodedWords(phrase)
        #expect(Array(shown.utf8) == Array(withoutControls(name).utf8))
    }

    @Test(arguments: hostileValues)
    func `a hostile text comes out as it went in`(text: String) throws {
        for html in [nil, text] {
            let bytes = try sampleMessage(text: text, html: html).rfc5322()
            #expect(hasSoundLines(bytes, limit: 76))
            #expect(!bytes.contains(0))
            let reader = MIMEReader(bytes)
            for part in html == nil ? [reader] : reader.parts { #expect(part.decodedBody == canonical(text)) }
        }
    }

    @Test func `text and HTML become two alternatives, HTML last`() throws {
        let reader = MIMEReader(try sampleMessage(text: "plain", html: "<p>rich</p>").rfc5322())
        #expect(
            reader.parts.map { $0.value("Content-Type") } == ["text/plain; charset=utf-8", "text/html; charset=utf-8"]
        )
        #expect(reader.parts.map(\.decodedBody) == [Array("plain\r\n".utf8), Array("<p>rich</p>\r\n".utf8)])
    }

    @Test func `a text that imitates the boundary does not end its part`() throws {
        let text = "--=_gatehouse_alternative--\n--=_gatehouse_alternative\nContent-Type: text/html\n\n<b>"
        let reader = MIMEReader(try sampleMessage(text: text, html: "<p>").rfc5322())
        #expect(reader.parts.count == 2)
        #expect(reader.parts.first?.decodedBody == canonical(text))
    }

    @Test func `no line begins with a dot or with From`() throws {
        let text = ".\n..\n.hidden\nFrom here\n" + String(repeating: ".", count: 300)
        let bytes = try sampleMessage(text: text).rfc5322()
        #expect(bytes.firstRange(of: Array("\r\n.".utf8)) == nil)
        #expect(bytes.firstRange(of: Array("\r\nFrom ".utf8)) == nil)
        #expect(MIMEReader(bytes).decodedBody == canonical(text))
    }

    @Test(arguments: [
        "a\r\nb", "a\nb", "a\rb", "a\u{0}b", "a\u{1B}[0mb", "a\u{2028}b", String(repeating: "x", count: 4097),
    ])
    func `a header value with a control character or without end is refused`(value: String) throws {
        let message = try sampleMessage(headers: [("X-Test", value)])
        #expect(throws: MailError(.invalidMessage, reason: "a header value has a control character or is too long")) {
            try message.rfc5322()
        }
    }

    @Test(arguments: ["Bcc", "TO", "content-type", "X Y", "X:", "", "X\r\nBcc", "Ünicode"] as [StaticString])
    func `a reserved or malformed header name is refused`(name: StaticString) throws {
        let message = try sampleMessage(headers: [(name, "value")])
        #expect(throws: MailError(.invalidMessage, reason: "a header name is reserved or malformed")) {
            try message.rfc5322()
        }
    }

    @Test(arguments: ["", "<>", "<a>", "a@b", "<a@b", "<a@b>\r\nBcc: x@y", "<a b@c>", "<a@b@c>", "<é@b>", "<a@b\u{0}>"])
    func `a malformed message id is refused`(messageID: String) throws {
        let message = try sampleMessage(messageID: messageID)
        #expect(throws: MailError(.invalidMessage, reason: "the message id is malformed")) { try message.rfc5322() }
    }

    @Test(arguments: [-1, 253_402_300_800, Int64.max, Int64.min])
    func `a date that cannot be written is refused`(date: Int64) throws {
        var message = try sampleMessage()
        message.date = date
        #expect(throws: MailError(.invalidMessage, reason: "the date is out of range")) { try message.rfc5322() }
    }

    @Test(arguments: [
        (0, "Thu, 1 Jan 1970 00:00:00 +0000"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 +0000"),
        (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 +0000"), (4_107_542_400, "Mon, 1 Mar 2100 00:00:00 +0000"),
        (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 +0000"),
    ])
    func `dates follow the calendar`(date: Int64, text: String) throws {
        var message = try sampleMessage()
        message.date = date
        #expect(MIMEReader(try message.rfc5322()).value("Date") == text)
    }

    @Test func `an overlong text is refused`() throws {
        let message = try sampleMessage(text: String(repeating: "x", count: MailMessage.maximumPartLength + 1))
        #expect(throws: MailError(.invalidMessage, reason: "the text is too long")) { try message.rfc5322() }
    }

    @Test func `an international recipient is written for servers that know it`() throws {
        let reader = MIMEReader(try sampleMessage(to: "jörg@bücher.example").rfc5322())
        #expect(reader.value("To") == "jörg@xn--bcher-kva.example")
    }

    /// What every control character becomes.
    private func withoutControls(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        let separators: [UInt32] = [0x7F, 0x85, 0x2028]
        for scalar in text.unicodeScalars {
            scalars.append(scalar.value < 0x20 || separators.contains(scalar.value) ? " " : scalar)
        }
        return String(scalars)
    }

    /// The text with CRLF line ends, spaces for controls, and a last line end.
    private func canonical(_ text: String) -> [UInt8] {
        var result: [UInt8] = []
        var previous: UInt8 = 0
        for byte in text.utf8 {
            switch byte {
            case 0x0A: result += previous == 0x0D ? [] : [0x0D, 0x0A]
            case 0x0D: result += [0x0D, 0x0A]
            case 0x09: result.append(byte)
            case 0..<0x20, 0x7F: result.append(0x20)
            default: result.append(byte)
            }
            previous = byte
        }
        return result + [0x0D, 0x0A]
    }

    private func unquoted(_ phrase: String) -> String {
        var scalars = String.UnicodeScalarView()
        var isEscaped = false
        for scalar in phrase.unicodeScalars.dropFirst().dropLast() {
            if scalar == "\\", !isEscaped {
                isEscaped = true
            } else {
                scalars.append(scalar)
                isEscaped = false
            }
        }
        return String(scalars)
    }
}
