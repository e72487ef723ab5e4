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
        case identifierInvalid = 22
        case repairProofNeeded = 23
        // Of the account.
        case tooManyTries = 100
        case gone = 101
        case changedMeanwhile = 102
        case lastWayIn = 103
        case tooManyAuthenticators = 104
        case provedAddressNeeded = 105
        case passkeyTaken = 106
        case passkeyRefused = 107
        case passkeyAdded = 108
        case passkeyRenamed = 109
        case passkeyRemoved = 110
        case secondFactorNeeded = 111
        case addressTaken = 112
        case tooManyAddresses = 113
        case addressUnproved = 114
        case newAddressInvalid = 115
        case newAddressOwn = 116
        case addressCodeMissing = 117
        case addressCodeWrong = 118
        case addressAdded = 119
        case addressMain = 120
        case addressRemoved = 121
        case addressWithdrawn = 122
        case nameMissing = 123
        case nameTooLong = 124
        case nameInvalid = 125
        case usernameInvalid = 126
        case usernameSet = 127
        case usernameRemoved = 128
        case appAdded = 129
        case appRenamed = 130
        case appRemoved = 131
        case appCodeWrong = 132
        case appSetupOver = 133
        case passwordSaved = 134
        case passwordRemoved = 135
        case recoveryCodesGone = 136
        case profileSaved = 137
        case exportTooOften = 138
        case demandedFactor = 150
        case stepUpImpossible = 151
        case usernameTaken = 180
        // Of providers.
        case externalOver = 60
        case externalDenied = 61
        case externalFailed = 62
        case externalUnavailable = 63
        case externalUnknown = 64
        case externalTaken = 65
        case loginLinked = 66
        case loginUnlinked = 67
        case newPhoneInvalid = 139
        case phoneUnserved = 140
        case phoneAdded = 141
        case phoneRemoved = 142

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
            case .identifierInvalid: "sign_in.invalid"
            case .repairProofNeeded: "repair.proof_needed"
            case .tooManyTries: "account.too_many_tries"
            case .gone: "account.gone"
            case .changedMeanwhile: "account.changed_meanwhile"
            case .lastWayIn: "account.last_way_in"
            case .demandedFactor: "account.demanded_factor"
            case .stepUpImpossible: "confirm.impossible"
            case .tooManyAuthenticators: "account.too_many_authenticators"
            case .provedAddressNeeded: "account.proved_address_needed"
            case .passkeyTaken: "passkeys.taken"
            case .passkeyRefused: "passkeys.refused"
            case .passkeyAdded: "passkeys.added"
            case .passkeyRenamed: "passkeys.renamed"
            case .passkeyRemoved: "passkeys.removed"
            case .secondFactorNeeded: "recovery.second_factor_needed"
            case .addressTaken: "addresses.taken"
            case .tooManyAddresses: "addresses.too_many"
            case .addressUnproved: "addresses.unproved"
            case .newAddressInvalid: "addresses.invalid"
            case .newAddressOwn: "addresses.own"
            case .addressCodeMissing: "addresses.code_missing"
            case .addressCodeWrong: "addresses.code_wrong"
            case .addressAdded: "addresses.added"
            case .addressMain: "addresses.made_main"
            case .addressRemoved: "addresses.removed"
            case .addressWithdrawn: "addresses.withdrawn"
            case .nameMissing: "account.name_missing"
            case .nameTooLong: "account.name_too_long"
            case .nameInvalid: "account.name_invalid"
            case .usernameInvalid: "addresses.username_invalid"
            case .usernameSet: "addresses.username_set"
            case .usernameRemoved: "addresses.username_removed"
            case .appAdded: "apps.added"
            case .appRenamed: "apps.renamed"
            case .appRemoved: "apps.removed"
            case .appCodeWrong: "apps.code_wrong"
            case .appSetupOver: "apps.setup_over"
            case .passwordSaved: "password_page.saved"
            case .passwordRemoved: "password_page.removed"
            case .recoveryCodesGone: "recovery.gone"
            case .profileSaved: "profile.saved"
            case .exportTooOften: "data.too_often"
            case .usernameTaken: "addresses.username_taken"
            case .externalOver: "external.over"
            case .externalDenied: "external.denied"
            case .externalFailed: "external.failed"
            case .externalUnavailable: "external.unavailable"
            case .externalUnknown: "external.unknown"
            case .externalTaken: "external.taken"
            case .loginLinked: "logins.linked_now"
            case .loginUnlinked: "logins.unlinked_now"
            case .newPhoneInvalid: "addresses.phone_invalid"
            case .phoneUnserved: "addresses.phone_unserved"
            case .phoneAdded: "addresses.phone_added"
            case .phoneRemoved: "addresses.phone_removed"
            }
        }

        var isProblem: Bool {
            switch self {
            case .codeSentAgain, .sessionEnded, .othersEnded, .confirmed, .passkeySetUp, .repairOver: false
            case .passkeyAdded, .passkeyRenamed, .passkeyRemoved, .addressAdded, .addressMain, .addressRemoved,
                .addressWithdrawn, .usernameSet, .usernameRemoved, .appAdded, .appRenamed, .appRemoved, .passwordSaved,
                .passwordRemoved, .profileSaved, .loginLinked, .loginUnlinked, .phoneAdded, .phoneRemoved:
                false
            default: true
            }
        }

        /// Id of the field that it is about.
        var field: String? {
            switch self {
            case .emailInvalid, .identifierInvalid: "identifier"
            case .codeMissing, .codeRefused, .appCodeMissing, .appCodeRefused, .recoveryCodeMissing,
                .recoveryCodeRefused:
                "code"
            case .passwordMissing, .passwordRefused: "password"
            case .newAddressInvalid, .newAddressOwn, .newPhoneInvalid, .phoneUnserved: "value"
            case .addressCodeMissing, .addressCodeWrong, .appCodeWrong: "code"
            case .nameMissing, .nameTooLong, .nameInvalid: "name"
            case .usernameInvalid, .usernameTaken: "username"
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
