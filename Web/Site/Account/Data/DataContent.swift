/// What is stored about a person, to be taken along or to be deleted.
struct DataContent: AccountContent {
    static let template = "account-data"

    let deletionLead: String

    static func sample(_ texts: Texts) -> Self { DataContent(deletionLead: "Everything goes after 7 days.") }
}
