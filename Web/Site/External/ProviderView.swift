internal import Identity

/// A button that leads to a provider.
struct ProviderView: Sendable {
    let name: String
    let label: String
    let markPath: String

    /// `textID` is the text with the provider's name in it.
    init(_ button: ProviderButton, _ visit: Visit, textID: String) {
        self.init(
            name: button.name,
            label: visit.texts.text(textID, ["provider": button.displayName]),
            markPath: visit.parts.providerMarks.path(of: button)
        )
    }

    private init(name: String, label: String, markPath: String) {
        (self.name, self.label, self.markPath) = (name, label, markPath)
    }

    /// For the check of templates.
    static let sample = ProviderView(name: "example", label: "Sign in with Example", markPath: "/x")
}
