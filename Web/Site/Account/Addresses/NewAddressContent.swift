/// Takes an address that is to be added, or to take the place of another.
struct NewAddressContent: AccountContent {
    static let template = "account-new-address"

    let lead: String
    let fieldProblem: FieldProblemView?
    let value: String
    /// The address that is replaced, or proved; empty for a further one.
    let id: String
    /// `phone`, or empty for an e-mail address.
    let kind: String
    let isPhone: Bool

    static func sample(_ texts: Texts) -> Self {
        NewAddressContent(
            lead: "A code is sent.",
            fieldProblem: .init(message: "x"),
            value: "ada@",
            id: "x",
            kind: "phone",
            isPhone: true
        )
    }
}

/// Takes the code that was sent to an address.
struct AddressCodeContent: AccountContent {
    static let template = "account-address-code"

    let lead: String
    let label: String
    let hint: String
    /// Whether it is made of digits alone.
    let isNumeric: Bool
    let submitLabel: String
    let resendHint: String
    let fieldProblem: FieldProblemView?
    let id: String

    static func sample(_ texts: Texts) -> Self {
        AddressCodeContent(
            lead: "Sent.",
            label: "Code",
            hint: "8 characters.",
            isNumeric: true,
            submitLabel: "Confirm",
            resendHint: "Wait.",
            fieldProblem: .init(message: "x"),
            id: "x"
        )
    }
}
