internal import Identity

/// Events of the audit trail as people say them.
enum ActivityWords {
    /// The sentence; nil for what there is no word for, such as a look at the trail itself.
    static func sentence(_ activity: AccountActivity, _ texts: Texts) -> String? {
        let told = activity.notice.map { "activity.told." + $0.rawValue }
        if activity.isSuccess, let told, texts.ids.contains(told) { return texts[told] }
        let id = "activity." + id(of: activity.kind)
        if !activity.isSuccess, texts.ids.contains(id + "_failed") { return texts[id + "_failed"] }
        return texts.ids.contains(id) ? texts[id] : nil
    }

    /// What could be somebody else's doing, and should be looked at.
    static func isWarning(_ activity: AccountActivity) -> Bool {
        switch activity.kind {
        case .signInRefused, .signInThrottled, .recoveryCodeUsed: true
        case .passwordChanged: !activity.isSuccess
        default: false
        }
    }

    /// `sign_in.code_sent` is `sign_in-code_sent`, for a dot has a meaning in the ids of texts.
    static func id(of kind: AuditEventKind) -> String {
        kind.rawValue.split(separator: ".").joined(separator: "-")
    }
}
