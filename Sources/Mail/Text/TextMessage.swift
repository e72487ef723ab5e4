/// A short message to a telephone.
package struct TextMessage: Sendable, Hashable {
    /// The same for every attempt, so that a gateway that knows ids sends it once.
    package let id: String
    /// The number in international form: `+` and digits.
    package let to: String
    package let text: String

    package init(id: String, to: String, text: String) {
        self.id = id
        self.to = to
        self.text = text
    }
}

/// A way to hand over one short message; the outbox calls it at least once for each.
package protocol TextMessageTransport: Sendable {
    /// Returns when the message is accepted by whoever sends it on; throws with what to do otherwise.
    func send(_ message: TextMessage) async throws(TextMessageError)
}

/// Why a short message was not handed over.
package struct TextMessageError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: Sendable, Hashable {
        /// It may be accepted later.
        case temporary
        /// It never will be.
        case permanent
    }

    package let code: Code
    /// Without number, text and credentials.
    package let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
