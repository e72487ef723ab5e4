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
        let width = max(8, limit / 6)
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
            let part = Array(hits.prefix(4))
            hits.removeFirst(part.count)
            let owners = Dictionary(
                try transaction.all(TextOwners.self, part.map(\.segment)).map { ($0.segment, $0.owners) },
                uniquingKeysWith: { first, _ in first }
            )
            for hit in part {
                guard let own = owners[hit.segment] else { continue }
                let users = hit.places.filter { Int($0) < own.count }.map { own[Int($0)] }
                found += users.filter { first <= $0 && $0 <= last }
            }
        }
        return found
    }
}
