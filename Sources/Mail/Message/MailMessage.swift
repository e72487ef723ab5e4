/// One message to one recipient, as values; `rfc5322()` writes it out.
package struct MailMessage: Sendable {
    /// Who it comes from: an optional name to show, and the envelope and header address.
    package var from: (name: String?, address: MailAddress)
    package var to: MailAddress
    /// One line of text; control characters in it become spaces.
    package var subject: String
    /// The plain text; any line ending is accepted.
    package var text: String
    /// The same content as HTML, sent as the preferred alternative.
    package var html: String?
    /// RFC 5322 section 3.6.4, with its angle brackets: `<unique@domain>`.
    ///
    /// The same on every retry of a message.
    package var messageID: String
    /// Seconds since 1970 UTC.
    package var date: Int64
    /// Further header fields; a value with a control byte is refused.
    package var headers: [(name: StaticString, value: String)]

    /// Holds the parts; nothing is checked before `rfc5322()`.
    package init(
        from: (name: String?, address: MailAddress),
        to: MailAddress,
        subject: String,
        text: String,
        html: String? = nil,
        messageID: String,
        date: Int64,
        headers: [(name: StaticString, value: String)] = []
    ) {
        self.from = from
        self.to = to
        self.subject = subject
        self.text = text
        self.html = html
        self.messageID = messageID
        self.date = date
        self.headers = headers
    }

    /// Whether only a server with the SMTPUTF8 extension (RFC 6531) can carry it.
    package var requiresSMTPUTF8: Bool { from.address.requiresSMTPUTF8 || to.requiresSMTPUTF8 }
}
