/// The built-in messages.
package struct EnglishMessages: MessageTemplates {
    package init() {}

    package func render(_ values: MessageValues, languages: String) -> RenderedMessage {
        switch values.content {
        case .signInCode(let code, let minutes): signInCode(code, minutes, values)
        case .confirmationCode(let code, let minutes): confirmationCode(code, minutes, values)
        case .addressCode(let code, let minutes): Self.addressCode(code, minutes, values)
        case .takenAddressCode(let code, let minutes): Self.takenAddressCode(code, minutes, values)
        case .notice(let notice): Self.render(notice, link: nil, values)
        case .undoableNotice(let notice, let link): Self.render(notice, link: link, values)
        case .invitation(let link, let days): Self.invitation(link, days, values)
        }
    }

    private func signInCode(_ code: String, _ lifetimeMinutes: Int, _ values: MessageValues) -> RenderedMessage {
        let minutes = lifetimeMinutes == 1 ? "1 minute" : "\(lifetimeMinutes) minutes"
        let subject = "Code for signing in to \(values.siteName)"
        let paragraphs = [
            "It is good for \(minutes), once, and only where you asked for it.",
            "We never ask for this code by telephone or mail. Whoever asks you for it is not us.",
            "If you did not ask for it, you need not do anything: nobody can sign in without it.",
        ]
        let purpose = "Your code for signing in to \(values.siteName) is:"
        return Self.message(subject, before: [purpose], code: code, after: paragraphs, values)
    }

    private func confirmationCode(_ code: String, _ lifetimeMinutes: Int, _ values: MessageValues) -> RenderedMessage {
        let minutes = lifetimeMinutes == 1 ? "1 minute" : "\(lifetimeMinutes) minutes"
        let paragraphs = [
            "It is good for \(minutes), once, and only where you asked for it.",
            "If you did not ask for it, somebody else is signed in to your account: sign in, and end what you do not know.",
        ]
        let purpose = "Your code for confirming that it is you who is signed in to \(values.siteName) is:"
        return Self.message(
            "Code for confirming that it is you at \(values.siteName)",
            before: [purpose],
            code: code,
            after: paragraphs,
            values
        )
    }

    static func message(
        _ subject: String,
        before: [String],
        code: String?,
        after: [String],
        _ values: MessageValues
    ) -> RenderedMessage {
        let shown = code.map { ["    " + $0] } ?? []
        let signature = ["\(values.siteName)\n\(values.siteURL)"]
        return RenderedMessage(
            subject: subject,
            text: (before + shown + after + signature).joined(separator: "\n\n") + "\n",
            html: page(title: subject, before: before, code: code, after: after, values)
        )
    }

    private static func page(
        title: String,
        before: [String],
        code: String?,
        after: [String],
        _ values: MessageValues
    ) -> String {
        func paragraphs(_ texts: [String]) -> String {
            texts.map { "<p>\(MessageEscaping.html($0))</p>" }.joined(separator: "\n")
        }
        let style = "font-family:monospace;font-size:1.75em;letter-spacing:.1em"
        let shown = code.map { "\n<p style=\"\(style)\">\(MessageEscaping.html($0))</p>" } ?? ""
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8"><title>\(MessageEscaping.html(title))</title></head>
            <body style="font-family:sans-serif;line-height:1.5;max-width:36em;margin:2em auto;padding:0 1em">
            \(paragraphs(before))\(shown)
            \(paragraphs(after))
            <p>\(MessageEscaping.html(values.siteName))<br>\(MessageEscaping.html(values.siteURL))</p>
            </body>
            </html>

            """
    }
}
