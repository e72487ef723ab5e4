/// How many recovery codes are left.
struct RecoveryCodesContent: AccountContent {
    static let template = "account-recovery"

    let status: String
    let isLow: Bool
    /// Whether there is a second factor that codes could stand in for.
    let canMake: Bool
    let makeLabel: String

    static func sample(_ texts: Texts) -> Self {
        RecoveryCodesContent(status: "10 codes are left.", isLow: true, canMake: true, makeLabel: "Make codes")
    }
}

/// New codes, shown this once.
struct NewCodesContent: AccountContent {
    static let template = "account-codes"

    struct Code: Sendable {
        let code: String
    }

    let codes: [Code]

    static func sample(_ texts: Texts) -> Self { NewCodesContent(codes: [Code(code: "ABCD-EFGH-JKMN-P")]) }
}
