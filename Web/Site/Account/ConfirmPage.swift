/// Asks for a new proof of identity, before what could do harm in the wrong hands.
struct ConfirmPage: PageView {
    static let template = "confirm"

    let layout: PageLayout
    let text: Texts
    let formToken: String
    let notice: NoticeView?
    /// What is gone on with afterwards.
    let returnTarget: String
    let hasProviders: Bool
    let providers: [ProviderView]
    /// Whether something else than a code or a provider can be used.
    let hasOtherWays: Bool

    static func sample(_ texts: Texts) -> Self {
        ConfirmPage(
            layout: .sample(texts),
            text: texts,
            formToken: "token",
            notice: .sample,
            returnTarget: "/account/passkeys",
            hasProviders: true,
            providers: [.sample],
            hasOtherWays: true
        )
    }
}
