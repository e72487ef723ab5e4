import Cryptography
import MariaDB

extension OutboxMessage {
    /// First byte of a payload in this layout.
    private static let layout: UInt8 = 1

    /// The bytes that are sealed into the row: layout, decoy flag, then each field behind its length (16 bits).
    ///
    /// The kind stands in a column of its own and says which fields follow recipient and languages.
    func payload() -> SecretBytes {
        var bytes: [UInt8] = [Self.layout, isDecoy ? 1 : 0]
        for field in [Array(recipient.utf8), Array(languages.utf8)] + content.fields {
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
            let recipient = Self.text(from: &rest), let languages = Self.text(from: &rest),
            let content = Content(kind, fields: &rest), rest.isEmpty
        else { return nil }
        self.init(recipient: recipient, languages: languages, content: content, isDecoy: decoy == 1)
    }

    fileprivate static func text(from bytes: inout ArraySlice<UInt8>) -> String? {
        field(from: &bytes).flatMap { String(validating: $0, as: UTF8.self) }
    }

    fileprivate static func field(from bytes: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard let high = bytes.popFirst(), let low = bytes.popFirst() else { return nil }
        let count = Int(high) << 8 | Int(low)
        guard bytes.count >= count else { return nil }
        defer { bytes = bytes.dropFirst(count) }
        return bytes.prefix(count)
    }
}

extension OutboxMessage.Content {
    fileprivate var fields: [[UInt8]] {
        switch self {
        case .signInCode(let secret), .confirmationCode(let secret), .addressCode(let secret),
            .takenAddressCode(let secret), .invitation(let secret):
            [secret.withBytes { Array($0) }]
        case .text(let message): [[message.purpose.rawValue], message.code.withBytes { Array($0) }]
        case .notice(let notice): notice.fields
        case .undoableNotice(let notice, let secret): notice.fields + [secret.withBytes { Array($0) }]
        case .textNotice(let notice, let secret): notice.fields + [secret?.withBytes { Array($0) } ?? []]
        }
    }

    fileprivate init?(_ kind: MessageKind, fields bytes: inout ArraySlice<UInt8>) {
        switch kind {
        case .notice:
            guard let notice = AccountNotice(fields: &bytes) else { return nil }
            self = .notice(notice)
        case .undoableNotice:
            guard let notice = AccountNotice(fields: &bytes), let secret = Self.secret(from: &bytes) else { return nil }
            self = .undoableNotice(notice, secret)
        case .textNotice:
            guard let notice = AccountNotice(fields: &bytes), let secret = Self.secret(from: &bytes) else { return nil }
            self = .textNotice(notice, secret.count == 0 ? nil : secret)
        case .textCode:
            guard let field = OutboxMessage.field(from: &bytes), field.count == 1,
                let purpose = field.first.flatMap(OneTimeCodeMessage.Purpose.init(rawValue:)),
                let code = Self.secret(from: &bytes)
            else { return nil }
            self = .text(OneTimeCodeMessage(purpose, code))
        case .signInCode, .confirmationCode, .addressCode, .takenAddressCode, .invitation:
            guard let secret = Self.secret(from: &bytes) else { return nil }
            self =
                switch kind {
                case .confirmationCode: .confirmationCode(secret)
                case .addressCode: .addressCode(secret)
                case .takenAddressCode: .takenAddressCode(secret)
                case .invitation: .invitation(secret)
                case .signInCode, .notice, .undoableNotice, .textCode, .textNotice: .signInCode(secret)
                }
        }
    }

    private static func secret(from bytes: inout ArraySlice<UInt8>) -> SecretBytes? {
        OutboxMessage.field(from: &bytes).map { SecretBytes(copying: $0) }
    }
}

extension AccountNotice {
    fileprivate var fields: [[UInt8]] {
        [
            kind.rawValue, "\(occurredAt.microsecondsSinceEpoch)", userAgent, source?.description ?? "", "\(failures)",
        ]
        .map { Array($0.utf8) }
    }

    fileprivate init?(fields bytes: inout ArraySlice<UInt8>) {
        guard let kind = OutboxMessage.text(from: &bytes).flatMap(Kind.init(rawValue:)),
            let time = OutboxMessage.text(from: &bytes).flatMap({ Int64($0) }),
            let userAgent = OutboxMessage.text(from: &bytes), let source = OutboxMessage.text(from: &bytes),
            let failures = OutboxMessage.text(from: &bytes).flatMap({ UInt32($0) })
        else { return nil }
        self.init(
            kind,
            at: Timestamp(microsecondsSinceEpoch: time),
            userAgent: userAgent,
            source: SourceAddress(source),
            failures: failures
        )
    }
}
