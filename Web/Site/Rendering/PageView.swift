/// What one page shows: its fields are the names its template may use.
protocol PageView: Sendable {
    /// Name of the template, without ending.
    static var template: String { get }
    /// A view with every optional set and every list filled; templates are checked against it at start.
    static func sample(_ texts: Texts) -> Self
}

/// What all pages share.
struct PageLayout: Sendable {
    let language: String
    let direction: String
    /// In the browser's title bar.
    let title: String
    let siteName: String
    let stylesheetPath: String
    let markPath: String
    /// Nil where it could not be told from which browser it comes.
    let languageForm: LanguageForm?
    let scripts: [ScriptView]
    /// `narrow`, `wide` or `framed`.
    let width: String
    /// Whether the page offers to sign out.
    let signOut: Bool
    /// The ways through the account; nil outside of it.
    let navigation: AccountNavigation?
}

/// A module that a page loads.
struct ScriptView: Sendable {
    let scriptPath: String
}

/// What came of the last action, on top of a page.
struct NoticeView: Sendable {
    let problem: Bool
    let message: String
    /// `#field` that the problem is about.
    let fieldPath: String?
}

/// What is wrong with a field, beside it.
struct FieldProblemView: Sendable {
    let message: String
}

/// One of several lines of text.
struct TextLine: Sendable {
    let line: String

    init(_ line: String) {
        self.line = line
    }
}
