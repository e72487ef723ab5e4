package import Identity

/// The messages of the domain in all languages of the site, from the templates in `Mail/`.
package struct SiteMessages: MessageTemplates {
    private let catalogue: TextCatalogue
    private let templates: TemplateLibrary

    /// Reads and checks the templates.
    ///
    /// - Parameter webDirectory: A directory laid out like `Web/` whose files replace the built-in ones; nil for none.
    /// - Throws: A sentence naming the file that cannot be used.
    package init(webDirectory: String? = nil) throws {
        let files = try SiteFiles(directory: webDirectory)
        catalogue = try TextCatalogue(files: files)
        let code = CodeMessage.sample(catalogue.english)
        let notice = NoticeMessage.sample(catalogue.english)
        let invitation = InvitationMessage.sample(catalogue.english)
        templates = try TemplateLibrary(
            sources: try files.texts(in: "Mail", ending: ".mustache"),
            samples: [
                "code.txt": code, "code.html": code, "notice.txt": notice, "notice.html": notice,
                "invitation.txt": invitation, "invitation.html": invitation,
            ]
        )
    }

    /// The message in the first of `languages` that there are strings for, else in English.
    package func render(_ values: MessageValues, languages: String) -> RenderedMessage {
        let texts = catalogue.texts(for: languages)
        switch values.content {
        case .signInCode(let code, let minutes):
            return render(CodeMessage(code, minutes: minutes, purpose: "mail", values, texts), with: "code")
        case .confirmationCode(let code, let minutes):
            return render(CodeMessage(code, minutes: minutes, purpose: "mail.confirm", values, texts), with: "code")
        case .addressCode(let code, let minutes):
            return render(CodeMessage(code, minutes: minutes, purpose: "mail.address", values, texts), with: "code")
        case .takenAddressCode(let code, let minutes):
            let message = CodeMessage(code, minutes: minutes, purpose: "mail.taken_address", values, texts)
            return render(message, with: "code")
        case .notice(let notice):
            return render(NoticeMessage(notice, values, texts), with: "notice")
        case .undoableNotice(let notice, let link):
            return render(NoticeMessage(notice, undo: link, values, texts), with: "notice")
        case .invitation(let link, let days):
            return render(InvitationMessage(link, days: days, values, texts), with: "invitation")
        }
    }

    /// A short message, which needs no template.
    package func text(_ values: TextMessageValues, languages: String) -> String {
        let texts = catalogue.texts(for: languages)
        let id =
            switch values.purpose {
            case .signIn: "sms.sign_in"
            case .confirmation: "sms.confirm"
            case .address: "sms.address"
            case .takenAddress: "sms.taken_address"
            }
        return texts.plainText(id, ["code": values.code, "site": values.siteName, "minutes": "\(values.minutes)"])
    }

    private func render(_ message: some MessageView, with template: String) -> RenderedMessage {
        RenderedMessage(
            subject: message.subject,
            text: templates.render(message, with: template + ".txt"),
            html: templates.render(message, with: template + ".html")
        )
    }
}

/// What one message shows: its fields are the names its templates may use.
protocol MessageView: Sendable {
    var subject: String { get }
}
