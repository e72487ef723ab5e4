import MariaDB

/// Users who may have a part in a text, in the order of their ids: those whose run says so, and all who changed since.
///
/// Everybody who has it is among them; whether each has it is looked at afterwards. All reads have to be of one moment.
struct TextCandidates {
    let needle: TextNeedle
    let transaction: Transaction

    /// Some of them.
    struct Found {
        var users: [UserID]
        /// The id up to which these are all; nil when there is nobody else.
        var end: UserID?
        /// How many runs were looked at.
        var segments: Int
    }

    /// At most `limit` users behind one, from few enough runs that it does not take long.
    func next(after user: UserID, limit: Int) throws -> Found {
        guard let first = user.successor else { return Found(users: [], end: nil, segments: 0) }
        let changes = try transaction.all(ListTextChanges(first: first, last: .greatest, limit: limit + 1))
        // Up to here the changes are all.
        var end = changes.count > limit ? changes[limit - 1].owner : nil
        let width = max(4, limit / 12)
        var segments = try transaction.all(ListTextSegments(after: first, limit: width + 1))
        if segments.count > width {
            end = min(end ?? .greatest, segments[width].first.predecessor ?? .greatest)
            segments.removeLast()
        }
        if let own = try transaction.first(TextSegmentOf(user: first)) { segments.insert(own, at: 0) }
        if let end { segments.removeAll { $0.first > end } }
        let packed = try packed(segments, from: first, to: end ?? .greatest, limit: limit)
        if let last = packed.last, packed.count >= limit { end = min(end ?? .greatest, last) }
        var users = (packed + changes.map(\.owner)).filter { $0 <= end ?? .greatest }.sorted()
        users = users.enumerated().filter { $0.offset == 0 || users[$0.offset - 1] != $0.element }.map(\.element)
        if users.count > limit {
            users.removeLast(users.count - limit)
            end = users.last
        }
        return Found(users: users, end: end, segments: segments.count)
    }

    /// The users of some runs who have all grams, `limit` at least if there are so many.
    private func packed(
        _ segments: [TextSegment],
        from first: UserID,
        to last: UserID,
        limit: Int
    ) throws -> [UserID] {
        guard !segments.isEmpty else { return [] }
        var places: [UInt32: [[UInt16]]] = [:]
        let needle = try rarest(in: segments[0])
        let postings = TextPostings(segments: segments.map(\.number), needle: needle)
        for row in try transaction.all(postings) { places[row.segment, default: []].append(row.places) }
        var found: [UserID] = []
        var hits: [(segment: UInt32, places: [UInt16])] = []
        for segment in segments {
            guard let rows = places[segment.number], rows.count == needle.grams.count else { continue }
            let all = rows.sorted { $0.count < $1.count }
            let common = all.dropFirst().reduce(all[0], TextPlaces.common)
            if !common.isEmpty { hits.append((segment.number, common)) }
        }
        while !hits.isEmpty, found.count < limit {
            var (part, expected) = ([(segment: UInt32, places: [UInt16])](), found.count)
            while part.count < 16, expected < limit, !hits.isEmpty {
                part.append(hits.removeFirst())
                expected += part[part.count - 1].places.count
            }
            let owners = Dictionary(
                try transaction.all(TextOwners.self, part.map(\.segment)).map { ($0.segment, $0) },
                uniquingKeysWith: { first, _ in first }
            )
            for hit in part {
                guard let own = owners[hit.segment] else { continue }
                found += hit.places.compactMap { own.user(at: $0) }.filter { first <= $0 && $0 <= last }
            }
        }
        return found
    }

    /// The grams that the fewest users of a run have, as a guess at those that the fewest users of all have.
    ///
    /// Fewer grams find more users, never fewer; long lists would take longer to read than users to look at.
    private func rarest(in segment: TextSegment) throws -> TextNeedle {
        guard needle.grams.count > Self.gramsRead else { return needle }
        let counts = Dictionary(
            try transaction.all(TextPostingSizes(segment: segment.number, needle: needle)).map { ($0.gram, $0.size) },
            uniquingKeysWith: { first, _ in first }
        )
        let ordered = needle.grams.sorted { counts[$0] ?? 0 < counts[$1] ?? 0 }
        return TextNeedle(field: needle.field, grams: Array(ordered.prefix(Self.gramsRead)))
    }

    private static let gramsRead = 3
}
