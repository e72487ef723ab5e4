extension EnglishMessages {
    /// A notice, with the link to where it is taken back, if it can be.
    static func render(_ notice: AccountNotice, link: String?, _ values: MessageValues) -> RenderedMessage {
        let origin = notice.source.map { " from the address \($0)" } ?? ""
        let failures = notice.failures > 0 ? "There were \(notice.failures) failed attempts before it." : nil
        let lead: [String] =
            switch notice.kind {
            case .newDevice:
                ["Somebody signed in to your account on a device we do not know, on \(notice.timeText)\(origin)."]
                    + [failures].compactMap(\.self)
            case .signInAfterFailures:
                ["Somebody signed in to your account on \(notice.timeText)\(origin)."] + [failures].compactMap(\.self)
            case .failedAttempts:
                [
                    "Somebody tried to sign in to your account and failed \(notice.failures) times, last on "
                        + "\(notice.timeText)\(origin). Further attempts have to wait for a while."
                ]
            case .methodDisabled:
                [
                    "Somebody tried to sign in to your account and failed \(notice.failures) times in a row, last on "
                        + "\(notice.timeText)\(origin). This way of signing in is switched off until we switch it on again."
                ]
            case .totpAdded:
                ["An authenticator app was set up for your account on \(notice.timeText)\(origin)."]
            case .totpRemoved:
                ["An authenticator app of your account was removed on \(notice.timeText)\(origin)."]
            case .passkeyAdded: ["A passkey was added to your account on \(notice.timeText)\(origin)."]
            case .passkeyRemoved: ["A passkey of your account was removed on \(notice.timeText)\(origin)."]
            case .externalLinked:
                ["A login at another provider was linked to your account on \(notice.timeText)\(origin)."]
            case .externalUnlinked:
                ["A login at another provider was taken from your account on \(notice.timeText)\(origin)."]
            case .passwordSet: ["A password was set for your account on \(notice.timeText)\(origin)."]
            case .passwordChanged: ["The password of your account was changed on \(notice.timeText)\(origin)."]
            case .passwordRemoved: ["The password of your account was removed on \(notice.timeText)\(origin)."]
            case .passwordResetDemanded:
                ["The password of your account was made useless by an administrator on \(notice.timeText)."]
            case .recoveryCodesMade: ["New recovery codes were made for your account on \(notice.timeText)\(origin)."]
            case .recoveryCodeUsed:
                ["A recovery code of your account was used to sign in on \(notice.timeText)\(origin)."]
            case .passkeyCopied:
                [
                    "A passkey of your account may have been copied: one that counts backwards was refused on "
                        + "\(notice.timeText)\(origin)."
                ]
            case .identifierAdded: ["An address was added to your account on \(notice.timeText)\(origin)."]
            case .identifierReplaced:
                ["An address of your account was replaced by another one on \(notice.timeText)\(origin)."]
            case .identifierRemoved: ["An address of your account was removed on \(notice.timeText)\(origin)."]
            case .identifierChangeUndone:
                [
                    "A change of the addresses of your account was taken back, and all sessions were ended, on \(notice.timeText)\(origin)."
                ]
            case .usernameChanged: ["The user name of your account was changed on \(notice.timeText)\(origin)."]
            case .accountMerged: ["Another account of yours was merged into this one on \(notice.timeText)\(origin)."]
            case .accountLocked: ["Your account was locked for a while on \(notice.timeText)\(origin)."]
            case .accountUnlocked: ["Your account was unlocked on \(notice.timeText)\(origin)."]
            case .accountDisabled: ["Your account was disabled on \(notice.timeText)\(origin)."]
            case .accountEnabled: ["Your account was enabled again on \(notice.timeText)\(origin)."]
            case .accountLeft:
                [
                    "You asked for your account to be deleted on \(notice.timeText)\(origin). It will be, some days later."
                ]
            case .accountDeleted: ["Your account was marked for deletion on \(notice.timeText)\(origin)."]
            case .accountUndeleted: ["The deletion of your account was taken back on \(notice.timeText)\(origin)."]
            }
        let advice =
            "If it was you, you need not do anything. If not, sign in, end what you do not recognise, and tell us."
        let until = notice.kind == .accountLeft ? "until then" : "within three days"
        let undo = link.map { ["If it was not you, take it back here, \(until):", $0] } ?? []
        return message(subject(of: notice.kind, values), before: lead, code: nil, after: undo + [advice], values)
    }

    private static func subject(of kind: AccountNotice.Kind, _ values: MessageValues) -> String {
        switch kind {
        case .newDevice: "New sign-in to your account at \(values.siteName)"
        case .signInAfterFailures: "Sign-in after failed attempts at \(values.siteName)"
        case .failedAttempts: "Failed attempts to sign in to your account at \(values.siteName)"
        case .methodDisabled: "A way to sign in to \(values.siteName) was switched off"
        case .totpAdded: "An authenticator app was set up at \(values.siteName)"
        case .totpRemoved: "An authenticator app was removed at \(values.siteName)"
        case .passkeyAdded: "A passkey was added at \(values.siteName)"
        case .passkeyRemoved: "A passkey was removed at \(values.siteName)"
        case .externalLinked: "A login was linked at \(values.siteName)"
        case .externalUnlinked: "A login was taken from your account at \(values.siteName)"
        case .passwordSet: "A password was set at \(values.siteName)"
        case .passwordChanged: "Your password was changed at \(values.siteName)"
        case .passwordRemoved: "Your password was removed at \(values.siteName)"
        case .passwordResetDemanded: "Your password must be set anew at \(values.siteName)"
        case .recoveryCodesMade: "New recovery codes at \(values.siteName)"
        case .recoveryCodeUsed: "A recovery code was used at \(values.siteName)"
        case .passkeyCopied: "A passkey was refused at \(values.siteName)"
        case .identifierAdded: "An address was added to your account at \(values.siteName)"
        case .identifierReplaced: "An address of your account was replaced at \(values.siteName)"
        case .identifierRemoved: "An address of your account was removed at \(values.siteName)"
        case .identifierChangeUndone: "A change of your addresses was taken back at \(values.siteName)"
        case .usernameChanged: "Your user name was changed at \(values.siteName)"
        case .accountMerged: "Two of your accounts were merged at \(values.siteName)"
        case .accountLocked: "Your account was locked at \(values.siteName)"
        case .accountUnlocked: "Your account was unlocked at \(values.siteName)"
        case .accountDisabled: "Your account was disabled at \(values.siteName)"
        case .accountEnabled: "Your account was enabled at \(values.siteName)"
        case .accountDeleted, .accountLeft: "Your account will be deleted at \(values.siteName)"
        case .accountUndeleted: "Your account will not be deleted at \(values.siteName)"
        }
    }
}
