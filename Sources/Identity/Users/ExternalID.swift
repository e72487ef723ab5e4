import MariaDB

/// The id under which an older system knew a user: opaque, 1 to 200 characters, compared byte by byte.
struct ExternalID: Sendable, Hashable {
    let text: String

    /// Takes 1 to 200 characters without controls; nil otherwise.
    init?(_ text: String) {
        let scalars = text.unicodeScalars
        guard (1...200).contains(scalars.count), !scalars.contains(where: { $0.properties.generalCategory == .control })
        else { return nil }
        self.text = text
    }

    static func == (left: ExternalID, right: ExternalID) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

    func hash(into hasher: inout Hasher) { for byte in text.utf8 { hasher.combine(byte) } }
}

extension ExternalID: SQLBindable {
    func bind(to parameters: inout Parameters) { parameters.append(Array(text.utf8)) }
}

extension ExternalID: SQLReadable {
    static func read(from columns: inout Columns) throws(DatabaseError) -> ExternalID {
        let column = columns.position
        guard let text = String(validating: try columns.next([UInt8].self), as: UTF8.self), let id = ExternalID(text)
        else {
            throw columns.mismatch(at: column, wanted: "external id")
        }
        return id
    }
}
