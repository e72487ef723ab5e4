/// Puts messages into words.
///
/// The site replaces the built-in one by its own, which knows more languages.
package protocol MessageTemplates: Sendable {
    /// The subject (one line), the text and the HTML of a message, in the first of `languages` that it knows.
    ///
    /// What the text links to and calls itself comes from configuration alone, never from a request (SECURITY OTP-11).
    /// The browser's own words in a notice are never shown as they are.
    func render(_ values: MessageValues, languages: String) -> RenderedMessage

    /// The words of a short message, on one line; each costs money by its length.
    func text(_ values: TextMessageValues, languages: String) -> String
}

/// What a message may mention.
package struct MessageValues: Sendable {
    package let siteName: String
    /// The configured address of the site.
    package let siteURL: String
    package let content: Content

    /// What the message is about.
    package enum Content: Sendable {
        /// The code as it is shown, `ABCD-EFGH`, and the whole minutes it is good for from when it was asked for.
        case signInCode(String, minutes: Int)
        /// The same for a code that confirms who is signed in.
        case confirmationCode(String, minutes: Int)
        /// The same for a code that proves an address which somebody wants to have.
        case addressCode(String, minutes: Int)
        /// The same to an address that an account has already: its owner is told, and nobody else.
        case takenAddressCode(String, minutes: Int)
        case notice(AccountNotice)
        /// With the link to where it is taken back.
        case undoableNotice(AccountNotice, link: String)
        /// With the link of the invitation and the whole days it is good for.
        case invitation(link: String, days: Int)
    }

    package init(siteName: String, siteURL: String, content: Content) {
        self.siteName = siteName
        self.siteURL = siteURL
        self.content = content
    }
}

/// A message in words.
package struct RenderedMessage: Sendable, Hashable {
    package let subject: String
    package let text: String
    package let html: String

    package init(subject: String, text: String, html: String) {
        self.subject = subject
        self.text = text
        self.html = html
    }
}
