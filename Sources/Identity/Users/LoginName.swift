/// A name by which a user is known, read and in comparable form.
package enum LoginName: Sendable, Hashable {
    case email(EmailAddress)
    case phone(PhoneNumber)
    case username(Username)

    /// Reads the name of one kind; nil when it is none.
    package init?(_ kind: IdentifierKind, _ text: String) {
        let name: LoginName? =
            switch kind {
            case .email: EmailAddress(text).map(LoginName.email)
            case .phone: PhoneNumber(text).map(LoginName.phone)
            case .username: Username(text).map(LoginName.username)
            }
        guard let name else { return nil }
        self = name
    }

    package var kind: IdentifierKind {
        switch self {
        case .email: .email
        case .phone: .phone
        case .username: .username
        }
    }

    /// As it was written.
    package var value: String {
        switch self {
        case .email(let name): name.value
        case .phone(let name): name.value
        case .username(let name): name.value
        }
    }

    /// The lookup key.
    package var canonical: [UInt8] {
        switch self {
        case .email(let name): name.canonical
        case .phone(let name): name.canonical
        case .username(let name): name.canonical
        }
    }
}

extension IdentifierKind {
    /// What a name of this kind that cannot be read is refused with.
    var invalidReason: ReasonID {
        switch self {
        case .email: .emailInvalid
        case .phone: .phoneInvalid
        case .username: .usernameInvalid
        }
    }

    /// In sentences for developers.
    var noun: String {
        switch self {
        case .email: "e-mail address"
        case .phone: "phone number"
        case .username: "user name"
        }
    }
}
