extension MailMessage {
    /// Longest text or HTML part, in UTF-8 bytes.
    package static let maximumPartLength = 1 << 20

    /// The message as bytes of RFC 5322 and RFC 2045: CRLF line ends only, every line at most 998 bytes, ASCII but for
    /// the addresses of an SMTPUTF8 message.
    ///
    /// Throws `.invalidMessage`.
    package func rfc5322() throws(MailError) -> [UInt8] {
        var header = HeaderWriter()
        writeOriginator(to: &header)
        header.append("Subject", unstructured: HeaderText.visible(subject))
        guard let date = CalendarTime(secondsSinceEpoch: date) else { throw invalid("the date is out of range") }
        header.append("Date", structured: date.rfc5322)
        guard MessageIDSyntax.isMessageID(messageID.utf8) else { throw invalid("the message id is malformed") }
        header.append("Message-ID", structured: messageID)
        try writeFurther(to: &header)
        header.append("MIME-Version", structured: "1.0")
        return try header.bytes + body()
    }

    private func writeOriginator(to header: inout HeaderWriter) {
        let address = from.address.transportText
        if let name = from.name.map(HeaderText.visible), !name.isEmpty {
            header.append("From", name: name, address: address)
        } else {
            header.append("From", structured: address)
        }
        header.append("To", structured: to.transportText)
    }

    private func writeFurther(to header: inout HeaderWriter) throws(MailError) {
        for (name, value) in headers {
            let name = "\(name)"
            guard HeaderWriter.isFurtherName(name) else { throw invalid("a header name is reserved or malformed") }
            guard HeaderText.isFreeOfControls(value), value.utf8.count <= 4096 else {
                throw invalid("a header value has a control character or is too long")
            }
            header.append(name, unstructured: value)
        }
    }

    private func body() throws(MailError) -> [UInt8] {
        guard text.utf8.count <= Self.maximumPartLength, (html?.utf8.count ?? 0) <= Self.maximumPartLength else {
            throw invalid("the text is too long")
        }
        let plain = BodyPart(subtype: "plain", text: text)
        guard let html else { return plain.bytes }
        return BodyPart.alternatives([plain, BodyPart(subtype: "html", text: html)])
    }

    private func invalid(_ reason: StaticString) -> MailError { MailError(.invalidMessage, reason: reason) }
}
