import Logging
import MariaDB

/// Packs the texts of users whose own have changed, run by run, by one process at a time.
///
/// A row for each gram of each text would cost an import ten times what all else of a user does, and most of a megabyte for
/// three hundred users. So a change writes one short row, and a run of some thousand users has one row for each gram that any
/// of them has; a search looks at both (see `TextCandidates`).
struct TextPacker: Sendable {
    let parts: CoreParts
    /// Most users of a run.
    var width = 4096

    static let lease = "texts"
    /// A run is packed when so many of its users changed, or a half of what it had.
    static let fewestChanges = 512
    /// How long a change waits at most for more of them.
    static let patience: Duration = .seconds(300)
    /// Changes of one run that are looked at together.
    private static let changesAtOnce = 16_384

    /// Packs what is due, once from the first user to the last; returns how many runs.
    @discardableResult
    func run() async throws(FlowError) -> Int {
        var (first, packed): (UserID?, Int) = (.zero, 0)
        while let next = first {
            switch try await step(from: next) {
            case .end: first = nil
            case .passed(let end): first = end.successor
            case .packed(let end):
                packed += 1
                first = end.successor
            }
        }
        return packed
    }

    private enum Step: Sendable {
        /// Nothing changed behind this user, or another process is at it.
        case end
        /// The run that ends here can wait.
        case passed(UserID)
        case packed(UserID)
    }

    /// Looks at the first run with a change.
    private func step(from first: UserID) async throws(FlowError) -> Step {
        let context = CallContext.system(requestID: "texts", deadline: .after(.seconds(60)))
        let changed = try await parts.read(context) { transaction in
            try transaction.first(ListTextChanges(first: first, last: .greatest, limit: 1))
        }
        guard let changed else { return .end }
        return try await parts.commit(context) { transaction in
            let now = parts.clock.now()
            let isOurs = try LeaseStore(parts: parts).acquire(Self.lease, for: .seconds(120), at: now, transaction)
            guard isOurs else { return .end }
            let segment = try self.segment(of: changed.owner, transaction)
            let next = try transaction.first(ListTextSegments(after: segment.first, limit: 1))
            let end = next?.first.predecessor ?? .greatest
            let changes = try transaction.all(
                ListTextChanges(first: segment.first, last: end, limit: Self.changesAtOnce)
            )
            guard try isDue(changes, segment, at: now, transaction) else { return .passed(end) }
            return .packed(try pack(segment, upTo: end, changes, transaction))
        }
    }

    /// The run that a user is in; the first one is made when it is needed.
    private func segment(of user: UserID, _ transaction: Transaction) throws -> TextSegment {
        if let segment = try transaction.first(TextSegmentOf(user: user)) { return segment }
        return try makeSegment(from: .zero, transaction)
    }

    private func makeSegment(from first: UserID, _ transaction: Transaction) throws -> TextSegment {
        let last = try transaction.first(LastTextSegment()) ?? 0
        let segment = TextSegment(number: last + 1, first: first)
        try transaction.execute(InsertTextSegment(segment: segment))
        return segment
    }

    private func isDue(
        _ changes: [TextChange],
        _ segment: TextSegment,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> Bool {
        let oldest = changes.map(\.change.madeAt).min() ?? now
        if oldest <= now - Self.patience { return true }
        let count = try transaction.first(CountTextOwners(first: segment.first)) ?? 0
        return changes.count >= max(Self.fewestChanges, min(count, width) / 2)
    }

    /// Packs the first users of a run and returns where it ends then; what is left of it becomes the next run.
    ///
    /// Everything is read as of one moment: a change that is committed later keeps its row, and is packed another time.
    private func pack(
        _ segment: TextSegment,
        upTo last: UserID,
        _ changes: [TextChange],
        _ transaction: Transaction
    ) throws -> UserID {
        var users = try transaction.all(UsersToPack(first: segment.first, last: last, limit: 2 * width))
        var end = last
        if let share = share(of: users.count, upTo: last) {
            users.removeLast(users.count - share)
            end = users.last?.id ?? last
            try divide(segment, behind: end, transaction)
        }
        var places: [UserID: Int] = [:]
        var builder = TextPostingsBuilder()
        for (place, user) in users.enumerated() {
            places[user.id] = place
            if let externalID = user.externalID { builder.add(externalID, of: .externalID, at: place) }
        }
        let texts =
            try transaction.all(NamesToPack(first: segment.first, last: end))
            + values(from: segment.first, to: end, transaction)
        for text in texts {
            guard let place = places[text.owner] else { continue }
            builder.add(text.key, of: text.field, at: place)
        }
        try transaction.execute(DeleteTextPostings(segment: segment.number))
        try transaction.insert(builder.rows(of: segment.number))
        try transaction.execute(UpdateTextOwners(first: segment.first, owners: users.map(\.id)))
        try forget(changes.filter { $0.owner <= end }, transaction)
        return end
    }

    /// Begins the next run behind a user of this one.
    ///
    /// Whoever was packed here and is in the next run now is in no row of it, and did not change: he gets a change, without
    /// which nobody would find him. It is so old that the next step packs him.
    private func divide(_ segment: TextSegment, behind end: UserID, _ transaction: Transaction) throws {
        guard let next = end.successor else { return }
        _ = try makeSegment(from: next, transaction)
        let owners = try transaction.all(TextOwners.self, [segment.number]).first
        let moved = owners?.users.filter { end < $0 } ?? []
        try transaction.insert(
            moved.map { user in
                let change = TextChangeID.make(at: Timestamp(microsecondsSinceEpoch: 0), random: parts.random)
                return InsertTextChange(owner: user, change: change)
            }
        )
    }

    /// How many of the next users a run takes; nil: it takes all, and is not divided.
    ///
    /// Behind the last of all come all users who are new, so a run there is filled. Anywhere else they come in between, and
    /// halves have room for more of them, where a full run would leave a run of one user behind each time.
    private func share(of count: Int, upTo last: UserID) -> Int? {
        if last == .greatest { return count < width ? nil : width }
        if count <= width { return nil }
        return count < 2 * width ? (count + 1) / 2 : width
    }

    /// The texts of profiles; of the values of other kinds no part is searched for.
    private func values(from first: UserID, to last: UserID, _ transaction: Transaction) throws -> [TextToPack] {
        let schema = try parts.profileSchemas.current(transaction)
        let fields = Set(schema.attributes.filter { $0.kind == .string }.map { TextField.attribute($0.number) })
        return try transaction.all(ValuesToPack(first: first, last: last)).filter { fields.contains($0.field) }
    }

    private func forget(_ changes: [TextChange], _ transaction: Transaction) throws {
        var rest = changes[...]
        while !rest.isEmpty {
            try transaction.execute(DeleteTextChanges(changes: rest.prefix(256)))
            rest = rest.dropFirst(256)
        }
    }
}

extension ID {
    /// The id after this one; nil after the last.
    var successor: ID? { stepped(by: 1) }

    /// The id before this one; nil before the first.
    var predecessor: ID? { stepped(by: -1) }

    private func stepped(by step: Int8) -> ID? {
        let bound: UInt8 = step > 0 ? 255 : 0
        guard let index = bytes.lastIndex(where: { $0 != bound }) else { return nil }
        var bytes = bytes
        for later in bytes.index(after: index)..<bytes.endIndex { bytes[later] = 255 - bound }
        bytes[index] = step > 0 ? bytes[index] + 1 : bytes[index] - 1
        return ID(exactly: bytes)
    }

    /// When an id of ours was made, to the millisecond.
    var madeAt: Timestamp {
        let millis = bytes.prefix(6).reduce(Int64(0)) { $0 << 8 | Int64($1) }
        return Timestamp(microsecondsSinceEpoch: millis * 1000)
    }
}

extension ID: Comparable {
    /// The order of their bytes, which is that of the database.
    package static func < (left: ID, right: ID) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }
}
