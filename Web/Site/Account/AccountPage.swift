/// Who somebody is, and where they are signed in.
struct AccountPage: PageView {
    struct AddressView: Sendable {
        let address: String
        let isMain: Bool
    }

    struct SessionView: Sendable {
        let id: String
        let device: String
        let detail: String
        /// For those who hear the page: which session the button ends.
        let endLabel: String
    }

    static let template = "account"

    let layout: PageLayout
    let text: Texts
    let formToken: String
    let notice: NoticeView?
    let addresses: [AddressView]
    let current: SessionView
    let hasOthers: Bool
    let others: [SessionView]

    static func sample(_ texts: Texts) -> Self {
        let session = SessionView(id: "id", device: "Firefox", detail: "Last used just now", endLabel: "End")
        return AccountPage(
            layout: .sample(texts),
            text: texts,
            formToken: "token",
            notice: .sample,
            addresses: [AddressView(address: "ada@example.com", isMain: true)],
            current: session,
            hasOthers: true,
            others: [session]
        )
    }
}
