/// The built-in messages.
package struct EnglishMessages: MessageTemplates {
    package init() {}

    package func render(_ kind: MessageKind, languages: String, values: MessageValues) -> RenderedMessage {
        switch kind {
        case .signInCode: signInCode(values)
        }
    }

    private func signInCode(_ values: MessageValues) -> RenderedMessage {
        let minutes = values.lifetimeMinutes == 1 ? "1 minute" : "\(values.lifetimeMinutes) minutes"
        let purpose = "Your code for signing in to \(values.siteName) is"
        let limits = "It is good for \(minutes), once, and only where you asked for it."
        let warning = "We never ask for this code by telephone or mail. Whoever asks you for it is not us."
        let otherwise = "If you did not ask for it, you need not do anything: nobody can sign in without it."
        return RenderedMessage(
            subject: "Code for signing in to \(values.siteName)",
            text: """
                \(purpose):

                    \(values.code)

                \(limits)

                \(warning)
                \(otherwise)

                \(values.siteName)
                \(values.siteURL)

                """,
            html: page(
                title: "Code for signing in to \(values.siteName)",
                code: values.code,
                paragraphs: (before: purpose + ":", after: [limits, warning, otherwise]),
                signature: values
            )
        )
    }

    private func page(
        title: String,
        code: String,
        paragraphs: (before: String, after: [String]),
        signature: MessageValues
    ) -> String {
        let after = paragraphs.after.map { "<p>\(MessageEscaping.html($0))</p>" }.joined(separator: "\n")
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8"><title>\(MessageEscaping.html(title))</title></head>
            <body style="font-family:sans-serif;line-height:1.5;max-width:36em;margin:2em auto;padding:0 1em">
            <p>\(MessageEscaping.html(paragraphs.before))</p>
            <p style="font-family:monospace;font-size:1.75em;letter-spacing:.1em">\(MessageEscaping.html(code))</p>
            \(after)
            <p>\(MessageEscaping.html(signature.siteName))<br>\(MessageEscaping.html(signature.siteURL))</p>
            </body>
            </html>

            """
    }
}
