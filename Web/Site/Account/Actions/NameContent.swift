/// Takes the name that somebody gives an authenticator.
struct NameContent: AccountContent {
    static let template = "account-name"

    let lead: String
    let actionPath: String
    let id: String
    let fieldProblem: FieldProblemView?
    let value: String
    let label: String
    let cancelPath: String

    static func sample(_ texts: Texts) -> Self {
        NameContent(
            lead: "So that you can tell them apart.",
            actionPath: "/account/apps/add",
            id: "x",
            fieldProblem: .init(message: "x"),
            value: "Telephone",
            label: "Save",
            cancelPath: "/account/apps"
        )
    }
}
