/// What came of an action, told on the page that follows it.
struct Notice: Sendable, Equatable {
    enum Kind: UInt8, Sendable, CaseIterable {
        case emailInvalid = 1
        case codeMissing = 2
        case codeRefused = 3
        case codeSentAgain = 4
        case codeTooEarly = 5
        case flowEnded = 6
        case signInNeeded = 7
        case sessionEnded = 8
        case othersEnded = 9
        case confirmed = 10
        case appCodeMissing = 11
        case appCodeRefused = 12
        case passwordMissing = 13
        case passwordRefused = 14
        case passwordBusy = 15
        case passkeyFailed = 16
        case passkeySetUp = 17
        case passkeyNotSetUp = 18
        case recoveryCodeMissing = 19
        case recoveryCodeRefused = 20
        case repairOver = 21

        /// Id of its text.
        var textID: String {
            switch self {
            case .emailInvalid: "email.invalid"
            case .codeMissing: "code.required"
            case .codeRefused: "sign_in.refused"
            case .codeSentAgain: "code.sent_again"
            case .codeTooEarly: "code.too_early"
            case .flowEnded: "sign_in.flow_ended"
            case .signInNeeded: "session.invalid"
            case .sessionEnded: "account.session_ended"
            case .othersEnded: "account.others_ended"
            case .confirmed: "confirm.done"
            case .appCodeMissing: "totp.required"
            case .appCodeRefused: "totp.refused"
            case .passwordMissing: "password.required"
            case .passwordRefused: "password.refused"
            case .passwordBusy: "password.busy"
            case .passkeyFailed: "passkey.refused"
            case .passkeySetUp: "passkey.added"
            case .passkeyNotSetUp: "passkey.not_added"
            case .recoveryCodeMissing: "recovery_code.required"
            case .recoveryCodeRefused: "recovery_code.refused"
            case .repairOver: "repair.over"
            }
        }

        var isProblem: Bool {
            switch self {
            case .codeSentAgain, .sessionEnded, .othersEnded, .confirmed, .passkeySetUp, .repairOver: false
            default: true
            }
        }

        /// Id of the field that it is about.
        var field: String? {
            switch self {
            case .emailInvalid: "identifier"
            case .codeMissing, .codeRefused, .appCodeMissing, .appCodeRefused, .recoveryCodeMissing,
                .recoveryCodeRefused:
                "code"
            case .passwordMissing, .passwordRefused: "password"
            default: nil
            }
        }
    }

    let kind: Kind
    /// What was typed, to be put right.
    let typed: String

    init(_ kind: Kind, typed: String = "") {
        self.kind = kind
        self.typed = typed
    }
}
