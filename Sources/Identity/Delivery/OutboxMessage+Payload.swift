import Cryptography

extension OutboxMessage {
    /// First byte of a payload in this layout.
    private static let layout: UInt8 = 1

    /// The bytes that are sealed into the row: layout, decoy flag, then each field behind its length (16 bits).
    func payload() -> SecretBytes {
        var bytes: [UInt8] = [Self.layout, isDecoy ? 1 : 0]
        for field in [Array(recipient.utf8), Array(languages.utf8), code.withBytes { Array($0) }] {
            let count = UInt16(clamping: field.count)
            bytes += [UInt8(count >> 8), UInt8(truncatingIfNeeded: count)]
            bytes += field.prefix(Int(count))
        }
        return SecretBytes(copying: bytes)
    }

    /// Reads a payload; nil for anything that `payload()` did not write.
    init?(kind: MessageKind, payload: SecretBytes) {
        var rest = payload.withBytes { Array($0) }[...]
        guard rest.popFirst() == Self.layout, let decoy = rest.popFirst(), decoy <= 1,
            let recipient = Self.field(from: &rest).flatMap({ String(validating: $0, as: UTF8.self) }),
            let languages = Self.field(from: &rest).flatMap({ String(validating: $0, as: UTF8.self) }),
            let code = Self.field(from: &rest), rest.isEmpty
        else { return nil }
        self.init(
            kind: kind,
            recipient: recipient,
            languages: languages,
            code: SecretBytes(copying: code),
            isDecoy: decoy == 1
        )
    }

    private static func field(from bytes: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard let high = bytes.popFirst(), let low = bytes.popFirst() else { return nil }
        let count = Int(high) << 8 | Int(low)
        guard bytes.count >= count else { return nil }
        defer { bytes = bytes.dropFirst(count) }
        return bytes.prefix(count)
    }
}
