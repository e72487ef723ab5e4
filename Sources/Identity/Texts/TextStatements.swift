import MariaDB

/// Says that the texts of a user changed; part of the change.
struct InsertTextChange: Statement {
    static let sql: SQL = "INSERT IGNORE INTO text_changes (owner_id, change_id) VALUES (?, ?)"

    let owner: UserID
    let change: TextChangeID

    func bind(to parameters: inout Parameters) {
        parameters.append(owner)
        parameters.append(change)
    }
}

/// A change of texts that its run does not show yet.
struct TextChange: Sendable, Hashable {
    let owner: UserID
    let change: TextChangeID
}

/// The changes of users from one to another, in the order of their ids.
struct ListTextChanges: Statement {
    static let sql: SQL = """
        SELECT owner_id, change_id FROM text_changes WHERE owner_id >= ? AND owner_id <= ?
        ORDER BY owner_id, change_id LIMIT ?
        """

    let first: UserID
    let last: UserID
    let limit: Int

    func bind(to parameters: inout Parameters) {
        parameters.append(first)
        parameters.append(last)
        parameters.append(limit)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> TextChange {
        TextChange(owner: try columns.next(), change: try columns.next())
    }
}

/// Forgets changes that a run shows now.
struct DeleteTextChanges: Statement {
    static let sql: SQL = "DELETE FROM text_changes WHERE (owner_id, change_id) IN ((?, ?))"

    let changes: ArraySlice<TextChange>

    var preparedSQL: SQL {
        // Marks for a power of two, so that few statements are kept.
        var (marks, count): (SQL, Int) = ("(?, ?)", 1)
        while count < changes.count { (marks, count) = (.joining(marks, ", ", marks), count * 2) }
        return "DELETE FROM text_changes WHERE (owner_id, change_id) IN (" + marks + ")"
    }

    func bind(to parameters: inout Parameters) {
        var width = 1
        while width < changes.count { width *= 2 }
        for index in 0..<width {
            let change = changes[changes.startIndex + min(index, changes.count - 1)]
            parameters.append(change.owner)
            parameters.append(change.change)
        }
    }
}

/// A run of users whose texts are packed together.
struct TextSegment: Sendable, Hashable {
    let number: UInt32
    /// The least id that is in it; it ends where the next run begins.
    let first: UserID
}

/// The run that a user's id is in.
struct TextSegmentOf: Statement {
    static let sql: SQL = """
        SELECT number, first_id FROM text_segments WHERE first_id <= ? ORDER BY first_id DESC LIMIT 1
        """

    let user: UserID

    func bind(to parameters: inout Parameters) { parameters.append(user) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> TextSegment {
        TextSegment(number: try columns.next(), first: try columns.next())
    }
}

/// Runs behind one, in the order of ids.
struct ListTextSegments: Statement {
    static let sql: SQL = "SELECT number, first_id FROM text_segments WHERE first_id > ? ORDER BY first_id LIMIT ?"

    let after: UserID
    let limit: Int

    func bind(to parameters: inout Parameters) {
        parameters.append(after)
        parameters.append(limit)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> TextSegment {
        TextSegment(number: try columns.next(), first: try columns.next())
    }
}

/// The users of some runs.
struct TextOwners: KeyedRead {
    struct Row: Sendable {
        let segment: UInt32
        fileprivate let bytes: [UInt8]

        /// All of them, in the order of their ids.
        var users: [UserID] { (0..<UInt16(clamping: bytes.count / 16)).compactMap(user) }

        /// The user at a place; nil where there is nobody.
        func user(at place: UInt16) -> UserID? {
            let start = Int(place) * 16
            return start + 16 <= bytes.count ? UserID(exactly: Array(bytes[start..<start + 16])) : nil
        }
    }

    static let selectIn: SQL = "SELECT number, owners FROM text_segments WHERE number IN"
    let keys: ArraySlice<UInt32>

    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        Row(segment: try columns.next(), bytes: try columns.next())
    }
}

/// How long the lists of some grams are in one run, in bytes; those that nobody has are not there.
struct TextPostingSizes: Statement {
    static let sql: SQL =
        "SELECT gram, LENGTH(places) FROM text_postings WHERE segment = ? AND field = ? AND gram IN (?)"

    let segment: UInt32
    let needle: TextNeedle

    var preparedSQL: SQL {
        .joining(
            "SELECT gram, LENGTH(places) FROM text_postings WHERE segment = ? AND field = ? AND gram IN (",
            TextPostings.marks(needle.grams.count),
            ")"
        )
    }

    func bind(to parameters: inout Parameters) {
        parameters.append(segment)
        parameters.append(needle.field)
        TextPostings.bind(needle.grams, to: &parameters)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> (gram: TextGram, size: Int) {
        (try columns.next(), try columns.next())
    }
}

/// Who has some grams, in some runs.
struct TextPostings: Statement {
    struct Row: Sendable {
        let segment: UInt32
        let gram: TextGram
        let places: [UInt16]
    }

    static let sql: SQL =
        "SELECT segment, gram, places FROM text_postings WHERE segment IN (?) AND field = ? AND gram IN (?)"

    let segments: [UInt32]
    let needle: TextNeedle

    var preparedSQL: SQL {
        .joining(
            "SELECT segment, gram, places FROM text_postings WHERE segment IN (",
            Self.marks(segments.count),
            ") AND field = ? AND gram IN (",
            Self.marks(needle.grams.count),
            ")"
        )
    }

    func bind(to parameters: inout Parameters) {
        Self.bind(segments, to: &parameters)
        parameters.append(needle.field)
        Self.bind(needle.grams, to: &parameters)
    }

    /// Marks for a power of two, so that few statements are kept.
    static func marks(_ wanted: Int) -> SQL {
        var (marks, count): (SQL, Int) = ("?", 1)
        while count < wanted { (marks, count) = (.joining(marks, ", ", marks), count * 2) }
        return marks
    }

    static func bind<Value: SQLBindable>(_ values: [Value], to parameters: inout Parameters) {
        guard let last = values.last else { return }
        var width = 1
        while width < values.count { width *= 2 }
        for index in 0..<width { parameters.append(index < values.count ? values[index] : last) }
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        let segment = try columns.next(UInt32.self)
        let gram = try columns.next(TextGram.self)
        let column = columns.position
        guard let places = TextPlaces.decode(try columns.next()) else {
            throw columns.mismatch(at: column, wanted: "list of places")
        }
        return Row(segment: segment, gram: gram, places: places)
    }
}
