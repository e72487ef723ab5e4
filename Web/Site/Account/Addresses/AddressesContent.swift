/// The addresses by which somebody is known.
struct AddressesContent: AccountContent {
    struct AddressView: Sendable {
        let address: String
        let isMain: Bool
        let isUnproved: Bool
        /// Nil for what cannot be done.
        let mainPath: String?
        let provePath: String?
        let replacePath: String?
        let removePath: String
        /// For those who hear the page: what the links are about.
        let mainLabel: String
        let proveLabel: String
        let replaceLabel: String
        let removeLabel: String
    }

    /// An address that waits for its code.
    struct WaitingView: Sendable {
        let heading: String
        let sentence: String
        let id: String
    }

    static let template = "account-addresses"

    let waiting: WaitingView?
    let emails: [AddressView]
    let phones: [AddressView]
    let hasPhones: Bool
    /// Whether one can be added.
    let takesPhones: Bool
    let username: String?
    /// Whether names have a use here.
    let hasUsernames: Bool

    static func sample(_ texts: Texts) -> Self {
        let view = AddressView(
            address: "ada@example.com",
            isMain: true,
            isUnproved: true,
            mainPath: "/x",
            provePath: "/x",
            replacePath: "/x",
            removePath: "/x",
            mainLabel: "x",
            proveLabel: "x",
            replaceLabel: "x",
            removeLabel: "x"
        )
        return AddressesContent(
            waiting: WaitingView(heading: "It waits", sentence: "A code is on its way.", id: "x"),
            emails: [view],
            phones: [view],
            hasPhones: true,
            takesPhones: true,
            username: "ada",
            hasUsernames: true
        )
    }
}
