/// Offers a passkey to somebody who signed in without one.
struct AddPasskeyPage: PageView {
    static let template = "add-passkey"

    let layout: PageLayout
    let text: Texts
    let formToken: String
    let notice: NoticeView?
    let passkey: PasskeyFormView
    let returnTarget: String

    static func sample(_ texts: Texts) -> Self {
        AddPasskeyPage(
            layout: .sample(texts),
            text: texts,
            formToken: "token",
            notice: .sample,
            passkey: .sample,
            returnTarget: "/account"
        )
    }
}
