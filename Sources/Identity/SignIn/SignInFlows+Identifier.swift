extension SignInFlows {
    /// An e-mail address, or a telephone number that messages are sent to; with a password, any name that a user may have.
    func identifier(_ text: String) throws(FlowError) -> SignInFlow.Identifier {
        if let address = EmailAddress(text) { return SignInFlow.Identifier(.email(address)) }
        if let number = LoginName(.phone, text), parts.policy.sms.serves(number.canonical) {
            return SignInFlow.Identifier(number)
        }
        guard parts.policy.passwords.isEnabled else {
            guard parts.policy.sms.isEnabled else {
                throw .invalid("identifier", .emailInvalid, "not a valid e-mail address")
            }
            throw .invalid("identifier", .fieldInvalid, "not an e-mail address or a telephone number that is served")
        }
        if let name = LoginName(.phone, text) ?? LoginName(.username, text) { return SignInFlow.Identifier(name) }
        // What is no user name may still be the value of a unique attribute; what looks like an address is not.
        guard !text.unicodeScalars.contains("@"), text.unicodeScalars.first != "+",
            (1...250).contains(text.unicodeScalars.count), let key = AttributeValue(text: text, .string)?.sortKey
        else {
            throw .invalid("identifier", .fieldInvalid, "not an e-mail address, a phone number or a user name")
        }
        return SignInFlow.Identifier(kind: .username, value: text, canonical: key)
    }
}

extension SignInFlow.Identifier {
    fileprivate init(_ name: LoginName) {
        self.init(kind: name.kind, value: name.value, canonical: name.canonical)
    }
}
