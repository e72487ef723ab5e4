/// The built-in messages.
package struct EnglishMessages: MessageTemplates {
    package init() {}

    package func render(_ values: MessageValues, languages: String) -> RenderedMessage {
        switch values.content {
        case .signInCode(let code, let minutes): signInCode(code, minutes, values)
        case .confirmationCode(let code, let minutes): confirmationCode(code, minutes, values)
        case .notice(let notice): Self.render(notice, values)
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

    private static func render(_ notice: AccountNotice, _ values: MessageValues) -> RenderedMessage {
        let origin = notice.source.map { " from the address \($0)" } ?? ""
        let failures = notice.failures > 0 ? "There were \(notice.failures) failed attempts before it." : nil
        let lead: [String] =
            switch notice.kind {
            case .newDevice:
                ["Somebody signed in to your account on a device we do not know, on \(notice.timeText)\(origin)."]
                    + [failures].compactMap(\.self)
            case .signInAfterFailures:
                ["Somebody signed in to your account on \(notice.timeText)\(origin)."] + [failures].compactMap(\.self)
            case .failedAttempts:
                [
                    "Somebody tried to sign in to your account and failed \(notice.failures) times, last on "
                        + "\(notice.timeText)\(origin). Further attempts have to wait for a while."
                ]
            case .methodDisabled:
                [
                    "Somebody tried to sign in to your account and failed \(notice.failures) times in a row, last on "
                        + "\(notice.timeText)\(origin). This way of signing in is switched off until we switch it on again."
                ]
            case .totpAdded:
                ["An authenticator app was set up for your account on \(notice.timeText)\(origin)."]
            case .totpRemoved:
                ["An authenticator app of your account was removed on \(notice.timeText)\(origin)."]
            case .passkeyAdded: ["A passkey was added to your account on \(notice.timeText)\(origin)."]
            case .passkeyRemoved: ["A passkey of your account was removed on \(notice.timeText)\(origin)."]
            case .passwordSet: ["A password was set for your account on \(notice.timeText)\(origin)."]
            case .passwordChanged: ["The password of your account was changed on \(notice.timeText)\(origin)."]
            case .passwordRemoved: ["The password of your account was removed on \(notice.timeText)\(origin)."]
            case .passwordResetDemanded:
                ["The password of your account was made useless by an administrator on \(notice.timeText)."]
            case .recoveryCodesMade: ["New recovery codes were made for your account on \(notice.timeText)\(origin)."]
            case .recoveryCodeUsed:
                ["A recovery code of your account was used to sign in on \(notice.timeText)\(origin)."]
            case .passkeyCopied:
                [
                    "A passkey of your account may have been copied: one that counts backwards was refused on "
                        + "\(notice.timeText)\(origin)."
                ]
            }
        let advice =
            "If it was you, you need not do anything. If not, sign in, end what you do not recognise, and tell us."
        return message(subject(of: notice.kind, values), before: lead, code: nil, after: [advice], values)
    }

    private static func subject(of kind: AccountNotice.Kind, _ values: MessageValues) -> String {
        switch kind {
        case .newDevice: "New sign-in to your account at \(values.siteName)"
        case .signInAfterFailures: "Sign-in after failed attempts at \(values.siteName)"
        case .failedAttempts: "Failed attempts to sign in to your account at \(values.siteName)"
        case .methodDisabled: "A way to sign in to \(values.siteName) was switched off"
        case .totpAdded: "An authenticator app was set up at \(values.siteName)"
        case .totpRemoved: "An authenticator app was removed at \(values.siteName)"
        case .passkeyAdded: "A passkey was added at \(values.siteName)"
        case .passkeyRemoved: "A passkey was removed at \(values.siteName)"
        case .passwordSet: "A password was set at \(values.siteName)"
        case .passwordChanged: "Your password was changed at \(values.siteName)"
        case .passwordRemoved: "Your password was removed at \(values.siteName)"
        case .passwordResetDemanded: "Your password must be set anew at \(values.siteName)"
        case .recoveryCodesMade: "New recovery codes at \(values.siteName)"
        case .recoveryCodeUsed: "A recovery code was used at \(values.siteName)"
        case .passkeyCopied: "A passkey was refused at \(values.siteName)"
        }
    }

    private static func message(
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
