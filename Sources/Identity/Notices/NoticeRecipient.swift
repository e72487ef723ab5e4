/// Where somebody is told of what happens to his account.
enum NoticeRecipient: Sendable, Hashable {
    /// An e-mail address, as its owner wrote it.
    case email(String)
    case phone(PhoneNumber)

    /// The address that a name is, if its owner proved it; nil for what reaches nobody.
    init?(_ identifier: UserIdentifier) {
        guard identifier.verifiedAt != nil else { return nil }
        switch identifier.kind {
        case .email: self = .email(identifier.value)
        case .phone:
            guard let number = PhoneNumber(identifier.value) else { return nil }
            self = .phone(number)
        case .username: return nil
        }
    }

    var isMail: Bool { if case .email = self { true } else { false } }
}
