/// Takes an address that is to be added, or to take the place of another.
struct NewAddressContent: AccountContent {
    static let template = "account-new-address"

    let lead: String
    let fieldProblem: FieldProblemView?
    let value: String
    /// The address that is replaced, or proved; empty for a further one.
    let id: String

    static func sample(_ texts: Texts) -> Self {
        NewAddressContent(lead: "A code is sent.", fieldProblem: .init(message: "x"), value: "ada@", id: "x")
    }
}

/// Takes the code that was sent to an address.
struct AddressCodeContent: AccountContent {
    static let template = "account-address-code"

    let lead: String
    let hint: String
    let resendHint: String
    let fieldProblem: FieldProblemView?
    let id: String

    static func sample(_ texts: Texts) -> Self {
        AddressCodeContent(
            lead: "Sent.",
            hint: "8 characters.",
            resendHint: "Wait.",
            fieldProblem: .init(message: "x"),
            id: "x"
        )
    }
}
