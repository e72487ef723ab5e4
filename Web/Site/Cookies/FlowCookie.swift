internal import Cryptography
internal import Identity

/// What the flow cookie holds.
enum FlowCookie: Sendable, Equatable {
    /// A secret of this browser, to which the first form is bound. Nothing else hangs on it, and the flow replaces it.
    case browser(String)
    /// The handle of a flow.
    case handle(String)

    private static let prefix = "ghb_"

    /// Reads the cookie; nil for what we would not have set.
    init?(_ value: String?) {
        guard let value else { return nil }
        if TokenText.isWellFormed(SecretBytes(utf8: value), kind: .flowHandle) {
            self = .handle(value)
        } else if value.hasPrefix(Self.prefix),
            Base64URL.decode(String(value.dropFirst(Self.prefix.count)))?.count == 32
        {
            self = .browser(value)
        } else {
            return nil
        }
    }

    /// A new secret for a browser that has none.
    static func makeBrowser(random: any RandomSource = SystemRandom()) -> FlowCookie {
        .browser(prefix + Base64URL.encode(random.bytes(32)))
    }

    var value: String {
        switch self {
        case .browser(let value), .handle(let value): value
        }
    }

    var handle: SecretBytes? {
        if case .handle(let value) = self { SecretBytes(utf8: value) } else { nil }
    }
}
