import Mail
import Testing

/// A message that is fine; tests spoil one part of it.
func sampleMessage(
    fromName: String? = "Gatehouse",
    to: String = "user@example.com",
    subject: String = "Your code",
    text: String = "The code is ABCD-EFGH.\n",
    html: String? = nil,
    messageID: String = "<0123abcd@gatehouse.example>",
    headers: [(name: StaticString, value: String)] = []
) throws -> MailMessage {
    MailMessage(
        from: (name: fromName, address: try #require(MailAddress("noreply@gatehouse.example"))),
        to: try #require(MailAddress(to)),
        subject: subject,
        text: text,
        html: html,
        messageID: messageID,
        date: 1_795_428_900,
        headers: headers
    )
}

/// Values that break out of headers when they are handled as Characters or not at all.
let hostileValues = [
    "<b>bold</b>", "a\r\nBcc: evil@example.com", "a\nBcc: evil@example.com", "a\rBcc: evil@example.com",
    "a\r\n\r\nbody", "quote\"\u{301} <evil@example.com>", "<\u{338}script>", "nul\u{0}byte", "next\u{85}line",
    "line\u{2028}separator", "=?UTF-8?B?QmNjOiB4?=", "back\\slash\" , evil@example.com", " outer ", "\u{7F}",
    "e\u{301}",
    String(repeating: "x", count: 2000), String(repeating: "漢", count: 2000), String(repeating: "a\u{301}", count: 500),
    "👩‍👩‍👧‍👦🇨🇭",
]

/// Whether every line end is CRLF and no line is longer than RFC 5322 section 2.1.1 allows.
func hasSoundLines(_ bytes: [UInt8], limit: Int = 998) -> Bool {
    var length = 0
    var previous: UInt8 = 0
    for byte in bytes {
        if byte == 0x0A {
            guard previous == 0x0D, length - 1 <= limit else { return false }
            length = 0
        } else {
            guard previous != 0x0D else { return false }
            length += 1
        }
        previous = byte
    }
    return previous == 0x0A
}
