import Cryptography
import MariaDB

/// What is known of all tokens of an account in one column: `id,created,expires,used;…`, times in microseconds.
enum PackedTokens {
    static func read(from columns: inout Columns) throws(DatabaseError) -> [ServiceToken] {
        let column = columns.position
        guard let packed = try columns.nextOptional([UInt8].self) else { return [] }
        var tokens: [ServiceToken] = []
        for part in packed.split(separator: UInt8(ascii: ";")) {
            guard let token = parse(part) else { throw columns.mismatch(at: column, wanted: "list of tokens") }
            tokens.append(token)
        }
        return tokens
    }

    private static func parse(_ part: ArraySlice<UInt8>) -> ServiceToken? {
        let fields = part.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard fields.count == 4, let id = Hex.decode(fields[0]).flatMap(ServiceTokenID.init(bytes:)),
            let createdAt = Int64(fields[1]), let expiresAt = Int64(fields[2])
        else { return nil }
        return ServiceToken(
            id: id,
            createdAt: Timestamp(microsecondsSinceEpoch: createdAt),
            expiresAt: Timestamp(microsecondsSinceEpoch: expiresAt),
            lastUsedAt: Int64(fields[3]).map(Timestamp.init(microsecondsSinceEpoch:))
        )
    }
}
