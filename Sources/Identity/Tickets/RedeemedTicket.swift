package import Cryptography

/// What an application gets for a ticket.
package struct RedeemedTicket: Sendable {
    /// A session for this application alone.
    package let session: Session
    package let token: SecretBytes
    /// Of the scopes that the application is registered for.
    package let claims: [Claim]
}

/// Coded only into the sealed answer of an idempotent call.
extension RedeemedTicket: Codable {
    private enum CodingKeys: String, CodingKey {
        case session, token, claims
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        session = try container.decode(Session.self, forKey: .session)
        token = SecretBytes(utf8: try container.decode(String.self, forKey: .token))
        claims = try container.decode([Claim].self, forKey: .claims)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(session, forKey: .session)
        try container.encode(token.validatedUTF8String() ?? "", forKey: .token)
        try container.encode(claims, forKey: .claims)
    }
}

/// How the redemption of a ticket ended; a refusal may have changed something, and is kept.
enum TicketOutcome: Codable, Sendable {
    case redeemed(RedeemedTicket)
    case refused
}

extension TicketOutcome: AnswerAboutUser {
    /// Nobody's, when it was refused: nothing is told of anybody then.
    var userInAnswer: UserID {
        switch self {
        case .redeemed(let redeemed): redeemed.session.userID
        case .refused: .zero
        }
    }
}
