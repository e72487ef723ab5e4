internal import Cryptography
internal import Identity
internal import Wire

/// The metadata of a call that the server knows; others are ignored.
struct CallMetadata {
    let authorization: SecretBytes?
    let session: SecretBytes?
    /// As the caller gave it, when it is 1 to 64 visible ASCII characters; else one of our own.
    let requestID: String
    /// W3C trace context, when it is well formed.
    let traceParent: String?
    private let idempotencyKey: SecretBytes?
    /// A key given twice could be read one way here and another way elsewhere: then the call is refused.
    let hasDuplicates: Bool

    init(_ entries: [Metadata]) {
        var values: [String: SecretBytes] = [:]
        var hasDuplicates = false
        for entry in entries where Self.known.contains(entry.key) {
            hasDuplicates = values.updateValue(entry.value, forKey: entry.key) != nil || hasDuplicates
        }
        authorization = values["authorization"]
        session = values["x-session"]
        idempotencyKey = values["idempotency-key"]
        requestID = values["x-request-id"].flatMap(Self.visibleText) ?? Self.makeRequestID()
        traceParent = values["traceparent"].flatMap(Self.visibleText).flatMap { Self.isTraceParent($0) ? $0 : nil }
        self.hasDuplicates = hasDuplicates
    }

    private static let known: Set<String> = [
        "authorization", "x-session", "idempotency-key", "x-request-id", "traceparent",
    ]

    /// The idempotency key bound to the method and body of a call; nil when none was given.
    ///
    /// - Throws: `CallRefusal` for a malformed key.
    func idempotency(of call: CallFrame) throws -> IdempotencyKey? {
        guard let idempotencyKey else { return nil }
        let bytes = idempotencyKey.withBytes { Array($0) }
        guard let key = IdempotencyKey(key: bytes, method: call.method, bodyHash: SHA256.digest(of: call.message))
        else {
            throw CallRefusal.badIdempotencyKey
        }
        return key
    }

    private static func visibleText(_ value: SecretBytes) -> String? {
        value.withBytes { bytes in
            guard (1...64).contains(bytes.count), bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    private static func makeRequestID() -> String {
        Hex.encode(SystemRandom().bytes(8))
    }

    /// `00-<32 hex>-<16 hex>-<2 hex>` (W3C Trace Context section 3.2).
    private static func isTraceParent(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 4, parts.map(\.utf8.count) == [2, 32, 16, 2] else { return false }
        return parts.allSatisfy { Hex.decode(String($0)) != nil }
    }
}
