/// Sets a password, or another one.
struct PasswordSettingContent: AccountContent {
    static let template = "account-password"

    let status: String
    let rules: [TextLine]
    /// Everything that is wrong with what was typed.
    let problems: ProblemSummary?
    /// Beside the fields.
    let currentProblem: FieldProblemView?
    let newProblem: FieldProblemView?
    let hasPassword: Bool
    /// Whether the present one may be left out: whoever proved another way who he is may have forgotten it.
    let mayOmitCurrent: Bool
    /// Whose password it is, for programs that keep passwords; nil for somebody without a name.
    let name: String?
    let saveLabel: String
    /// Where it is gone on afterwards; empty for this page again.
    let returnTarget: String
    /// Whether it can be removed here, too.
    let mayRemove: Bool

    static func sample(_ texts: Texts) -> Self {
        PasswordSettingContent(
            status: "You have a password.",
            rules: [TextLine("Long.")],
            problems: .sample,
            currentProblem: .init(message: "x"),
            newProblem: .init(message: "x"),
            hasPassword: true,
            mayOmitCurrent: true,
            name: "ada@example.com",
            saveLabel: "Save",
            returnTarget: "/account",
            mayRemove: true
        )
    }
}

/// What is wrong with a form, on top of it: each problem leads to its field.
struct ProblemSummary: Sendable {
    struct Item: Sendable {
        let message: String
        let fieldPath: String
    }

    let items: [Item]

    /// For the check of templates.
    static let sample = ProblemSummary(items: [Item(message: "It is too short.", fieldPath: "#new_password")])
}
