package import MariaDB

/// Which events a list shows.
///
/// Each kind of filter has its index; combinations that have none are refused.
package struct AuditFilter: Sendable {
    package var subjectUser: UserID?
    /// A user's or service account's id.
    package var actor: [UInt8]?
    package var kind: String?
    package var outcome: AuditEvent.Outcome?
    /// Events that happened at this time or later, in the order of time.
    package var from: Timestamp?
    /// Events that happened before this time, in the order of time.
    package var until: Timestamp?
    /// The least number; 0 for any.
    package var firstSequence: UInt64 = 0
    /// The greatest number; 0 for any.
    package var lastSequence: UInt64 = 0
    /// The newest event first.
    package var newestFirst = false

    package init() {}

    /// What an index begins with.
    enum Selector: Sendable {
        case none
        case subjectUser(UserID)
        case actor([UInt8])
        case kind(AuditEventKind)
        case outcome(AuditEvent.Outcome)
    }

    /// The order that the list is in.
    enum Order: Sendable {
        case sequence
        case time(Selector)
    }

    /// Checks what may be combined.
    func order() throws(FlowError) -> Order {
        var selectors: [(field: String, selector: Selector)] = []
        if let subjectUser { selectors.append(("subject_user_id", .subjectUser(subjectUser))) }
        if let actor { selectors.append(("actor_id", .actor(actor))) }
        if let kind {
            guard let known = AuditEventKind(rawValue: kind) else {
                throw .invalid("kind", .fieldInvalid, "kind must be one that the audit trail has")
            }
            selectors.append(("kind", .kind(known)))
        }
        if let outcome { selectors.append(("outcome", .outcome(outcome))) }
        guard selectors.count <= 1 else {
            let (first, second) = (selectors[0].field, selectors[1].field)
            throw .invalid(second, .fieldInvalid, "\(second) cannot be combined with \(first): no index serves both")
        }
        let isByTime = !selectors.isEmpty || from != nil || until != nil
        guard isByTime else { return .sequence }
        for (field, bound) in [("first_sequence", firstSequence), ("last_sequence", lastSequence)] where bound != 0 {
            throw .invalid(field, .fieldInvalid, "\(field) can only be given alone: no index serves it with others")
        }
        return .time(selectors.first?.selector ?? .none)
    }

    /// Everything that a page token is bound to.
    var bytes: [UInt8] {
        let texts = [
            subjectUser.map(\.description), actor.map { "\($0)" }, kind, outcome.map { "\($0.rawValue)" },
            from.map { "\($0.microsecondsSinceEpoch)" }, until.map { "\($0.microsecondsSinceEpoch)" },
            "\(firstSequence)", "\(lastSequence)", "\(newestFirst)",
        ]
        return Array(texts.map { $0 ?? "-" }.joined(separator: "|").utf8)
    }
}
