internal import Identity

/// The other ways on from where a sign-in stands, below the one that its page is for.
struct SignInWays: Sendable {
    /// A way that has a page of its own.
    struct Link: Sendable {
        let wayPath: String
        let label: String
    }

    let title: String
    let hint: String?
    /// What the button says that has a code sent; nil when none can be.
    let sendLabel: String?
    let links: [Link]
    /// Said apart, since a page's own form for a passkey has the same name.
    let hasPasskey: Bool
    let passkey: PasskeyFormView?
    let cancelLabel: String

    /// Those of a flow, without the one at `place`.
    init(
        _ view: SignInView,
        beside place: SignInPlace,
        title: String,
        hint: String?,
        sendLabel: String?,
        _ texts: Texts
    ) {
        self.title = title
        self.hint = hint
        self.sendLabel = sendLabel
        let others = SignInPlace.all(for: view).filter { $0 != place }
        let code = view.steps.contains { $0.isCodeBySMS } ? CodeWords.sms : .email
        links = others.filter { $0 != .passkey }.map { other in
            Link(wayPath: other.rawValue, label: texts[other == .code ? code.wayID : other.linkID])
        }
        hasPasskey = others.contains(.passkey)
        passkey = others.contains(.passkey) ? .ofFlow(label: texts["ways.passkey"], buttonClass: "second") : nil
        cancelLabel = texts[view.isConfirmation ? "confirm.cancel" : "code.cancel"]
    }

    private init() {
        title = "Other ways"
        hint = "It can take a minute."
        sendLabel = "Send a new code"
        links = [Link(wayPath: "/sign-in/app", label: "Use an app")]
        hasPasskey = true
        passkey = .sample
        cancelLabel = "Use another address"
    }

    /// For the check of templates.
    static let sample = SignInWays()
}
