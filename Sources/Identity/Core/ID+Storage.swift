package import MariaDB

extension ID: SQLBindable {
    package func bind(to parameters: inout Parameters) { parameters.append(bytes) }
}

extension ID: SQLReadable {
    package static func read(from columns: inout Columns) throws(DatabaseError) -> ID {
        let column = columns.position
        guard let id = ID(bytes: try columns.next([UInt8].self)) else {
            throw columns.mismatch(at: column, wanted: "id of 16 bytes")
        }
        return id
    }
}

extension ID: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let id = ID(text: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an id")
        }
        self = id
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
