import Cryptography

/// A code on its way, and what it is for; which channel it takes is another matter.
struct OneTimeCodeMessage: Sendable {
    /// What the code does; raw values are stored.
    enum Purpose: UInt8, Sendable, Hashable, CaseIterable {
        case signIn = 1
        /// It confirms that it is oneself who is signed in.
        case confirmation = 2
        /// It proves an address that somebody wants to have.
        case address = 3
        /// The same to an address that an account has already.
        case takenAddress = 4
    }

    let purpose: Purpose
    /// In canonical form.
    let code: SecretBytes

    init(_ purpose: Purpose, _ code: SecretBytes) {
        (self.purpose, self.code) = (purpose, code)
    }
}

extension OutboxMessage.Content {
    /// A code that goes by mail.
    static func mail(_ message: OneTimeCodeMessage) -> OutboxMessage.Content {
        switch message.purpose {
        case .signIn: .signInCode(message.code)
        case .confirmation: .confirmationCode(message.code)
        case .address: .addressCode(message.code)
        case .takenAddress: .takenAddressCode(message.code)
        }
    }
}
