/// How a code travels to an address: what differs between mail and SMS.
enum CodeChannel: Sendable, Hashable, CaseIterable {
    case email
    case sms

    /// The channel that reaches a kind of name; nil: none does.
    init?(_ kind: IdentifierKind) {
        switch kind {
        case .email: self = .email
        case .phone: self = .sms
        case .username: return nil
        }
    }

    /// The method of signing in by it, which also names what is counted.
    var method: SignInMethodName {
        switch self {
        case .email: .emailCode
        case .sms: .smsCode
        }
    }

    var addressKind: IdentifierKind {
        switch self {
        case .email: .email
        case .sms: .phone
        }
    }

    /// The address as who typed it may recognise it.
    func masked(_ address: String) -> String {
        switch self {
        case .email: MaskedAddress.email(address)
        case .sms: MaskedAddress.phone(address)
        }
    }

    func codePolicy(_ policy: IdentityPolicy) -> CodePolicy {
        switch self {
        case .email: policy.code
        case .sms: policy.sms.code
        }
    }

    func budget(_ policy: IdentityPolicy) -> DeliveryBudget {
        switch self {
        case .email: DeliveryBudget(policy.code)
        case .sms: DeliveryBudget(policy.sms)
        }
    }

    /// Whether anything is sent to an address, whoever has it.
    func serves(_ canonical: [UInt8], _ policy: IdentityPolicy) -> Bool {
        switch self {
        case .email: true
        case .sms: policy.sms.serves(canonical)
        }
    }

    /// What a message with a code is, and where it goes.
    func message(
        _ code: OneTimeCodeMessage,
        to address: String,
        languages: String,
        isDecoy: Bool
    ) -> OutboxMessage {
        switch self {
        case .email:
            OutboxMessage(recipient: address, languages: languages, content: .mail(code), isDecoy: isDecoy)
        case .sms:
            // However its owner writes it; gateways know one form only.
            OutboxMessage(
                recipient: PhoneNumber(address).map { String(decoding: $0.canonical, as: UTF8.self) } ?? address,
                languages: languages,
                content: .text(code),
                isDecoy: isDecoy
            )
        }
    }
}
