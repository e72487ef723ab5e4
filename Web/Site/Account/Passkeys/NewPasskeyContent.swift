/// Takes the name of a new passkey; a script has the browser make it.
struct NewPasskeyContent: AccountContent {
    static let template = "account-new-passkey"

    let fieldProblem: FieldProblemView?
    let value: String

    static func sample(_ texts: Texts) -> Self {
        NewPasskeyContent(fieldProblem: .init(message: "x"), value: "Telephone")
    }
}
