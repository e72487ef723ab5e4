/// Puts messages into words.
///
/// The site replaces the built-in one by its own, which knows more languages.
package protocol MessageTemplates: Sendable {
    /// The subject (one line), the text and the HTML of a message, in the first of `languages` that it knows.
    ///
    /// `values` come from configuration and the server alone, never from a request (SECURITY OTP-11).
    func render(_ kind: MessageKind, languages: String, values: MessageValues) -> RenderedMessage
}

/// What a message may mention.
package struct MessageValues: Sendable {
    package let siteName: String
    /// The configured address of the site.
    package let siteURL: String
    /// The code as it is shown: `ABCD-EFGH`.
    package let code: String
    /// Whole minutes that the code is good for, when it was asked for.
    package let lifetimeMinutes: Int

    package init(siteName: String, siteURL: String, code: String, lifetimeMinutes: Int) {
        self.siteName = siteName
        self.siteURL = siteURL
        self.code = code
        self.lifetimeMinutes = lifetimeMinutes
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
