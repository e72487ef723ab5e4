/// A form that asks for a passkey; shown by a script where the browser has them.
struct PasskeyFormView: Sendable {
    /// Which ceremony: `get` or `create`.
    let ceremony: String
    let actionPath: String
    let optionsPath: String
    let label: String
    /// `main` or `second`.
    let buttonClass: String
    /// Whether a passkey is offered in the field for a name, too.
    let isAutofill: Bool
    let returnTarget: String

    init(
        _ ceremony: String,
        actionPath: String,
        label: String,
        buttonClass: String,
        isAutofill: Bool = false,
        returnTarget: String = ""
    ) {
        self.ceremony = ceremony
        self.actionPath = actionPath
        optionsPath = actionPath + "/options"
        self.label = label
        self.buttonClass = buttonClass
        self.isAutofill = isAutofill
        self.returnTarget = returnTarget
    }

    /// For the flow under way.
    static func ofFlow(label: String, buttonClass: String) -> PasskeyFormView {
        PasskeyFormView("get", actionPath: SignInPlace.passkey.rawValue, label: label, buttonClass: buttonClass)
    }

    /// For the check of templates.
    static let sample = PasskeyFormView(
        "get",
        actionPath: "/sign-in/passkey",
        label: "Use a passkey",
        buttonClass: "second",
        isAutofill: true,
        returnTarget: "/account"
    )
}
