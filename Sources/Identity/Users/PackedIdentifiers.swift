import Cryptography
import MariaDB

/// All identifiers of a user in one column: `id,kind,value,verified,primary;…` with id and value in hexadecimal.
///
/// For reads of users in pages, where a page has one row for each.
enum PackedIdentifiers {
    static func read(from columns: inout Columns) throws(DatabaseError) -> [UserIdentifier] {
        let column = columns.position
        guard let packed = try columns.nextOptional([UInt8].self) else { return [] }
        var identifiers: [UserIdentifier] = []
        for part in packed.split(separator: UInt8(ascii: ";")) {
            guard let identifier = parse(part) else {
                throw columns.mismatch(at: column, wanted: "list of identifiers")
            }
            identifiers.append(identifier)
        }
        return identifiers
    }

    private static func parse(_ part: ArraySlice<UInt8>) -> UserIdentifier? {
        let fields = part.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard fields.count == 5, let id = bytes(fields[0]).flatMap(IdentifierID.init(bytes:)),
            let kind = UInt8(text(fields[1])).flatMap(IdentifierKind.init(rawValue:)),
            let value = bytes(fields[2]).flatMap({ String(validating: $0, as: UTF8.self) })
        else { return nil }
        return UserIdentifier(
            id: id,
            kind: kind,
            value: value,
            verifiedAt: Int64(text(fields[3])).map(Timestamp.init(microsecondsSinceEpoch:)),
            isPrimary: fields[4].elementsEqual([UInt8(ascii: "1")])
        )
    }

    private static func text(_ field: ArraySlice<UInt8>) -> String {
        String(decoding: field, as: UTF8.self)
    }

    private static func bytes(_ field: ArraySlice<UInt8>) -> [UInt8]? {
        Hex.decode(text(field))
    }
}
