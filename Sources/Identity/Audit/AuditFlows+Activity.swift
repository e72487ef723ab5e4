import JSON
package import MariaDB

/// One thing that happened to an account, as far as its owner may know (PRODUCT section 10).
package struct AccountActivity: Sendable, Hashable {
    /// Who did it, seen from the owner.
    package enum Actor: Sendable, Hashable {
        /// The owner, signed in.
        case owner
        /// Whoever was at the sign-in page: the owner, or a stranger.
        case visitor
        /// An administrator, an application or the server.
        case service
    }

    package let occurredAt: Timestamp
    package let kind: AuditEventKind
    package let isSuccess: Bool
    /// What the owner was told of it by mail; nil for what is not told.
    package let notice: AccountNotice.Kind?
    package let actor: Actor
    /// Never that of an administrator, nor of whoever failed to sign in, who may have been a stranger.
    package let sourceAddress: String?
}

extension AuditFlows {
    /// A page of what happened to the account of the person who calls, newest first, sealed or not yet.
    package func activity(_ request: PageRequest, _ context: CallContext) async throws(FlowError) -> Page<
        AccountActivity
    > {
        let user = try context.requirePerson().userID
        let limit = try request.limit()
        let tokens = PageTokens(keyRing: parts.keyRing)
        let position = try tokens.read(request.token, list: "activity", filter: user.bytes, caller: context)
        let newest = ListEventsByTime.Position(time: ListEventsByTime.end, id: .greatest)
        let statement = ListActivity(user: user, before: position.flatMap(Self.place) ?? newest, limit: limit + 1)
        let rows = try await parts.read(context) { try $0.all(statement) }
        let page = tokens.page(of: rows, limit: limit, list: "activity", filter: user.bytes, caller: context) { row in
            Self.bytes(of: row.occurredAt, row.id.bytes)
        }
        return Page(items: page.items.compactMap { $0.activity(of: user) }, nextPageToken: page.nextPageToken)
    }
}

/// A page of the events about one user, by the index that begins with the user and goes on with the time.
struct ListActivity: Statement {
    /// An event as it is stored.
    struct Row: Sendable {
        let id: EventID
        let occurredAt: Timestamp
        let kind: String
        let outcome: UInt8
        let actorKind: UInt8
        let actorID: [UInt8]?
        let sourceAddress: String?
        let details: String?

        /// Nil for a kind that a later version wrote.
        func activity(of user: UserID) -> AccountActivity? {
            guard let kind = AuditEventKind(rawValue: kind) else { return nil }
            let isSuccess = outcome == AuditEvent.Outcome.success.rawValue
            let actor: AccountActivity.Actor =
                actorKind == 2 && actorID == user.bytes ? .owner : actorKind == 0 ? .visitor : .service
            return AccountActivity(
                occurredAt: occurredAt,
                kind: kind,
                isSuccess: isSuccess,
                notice: notice,
                actor: actor,
                sourceAddress: actor == .owner || actor == .visitor && isSuccess ? sourceAddress : nil
            )
        }

        private var notice: AccountNotice.Kind? {
            guard let details, case .object(let members) = try? JSONParser.parse(Array(details.utf8)),
                case .string(let name) = members.first(where: { $0.name == "notice" })?.value
            else { return nil }
            return AccountNotice.Kind(rawValue: name)
        }
    }

    static let sql: SQL = """
        SELECT id, occurred_at, kind, outcome, actor_kind, actor_id, source_address, details
        FROM audit_events FORCE INDEX (audit_events_subject_time)
        WHERE subject_user_id = ? AND occurred_at <= ? AND (occurred_at < ? OR id < ?)
        ORDER BY occurred_at DESC, id DESC LIMIT ?
        """

    let user: UserID
    /// The last event of the page before.
    let before: ListEventsByTime.Position
    let limit: Int

    func bind(to parameters: inout Parameters) {
        parameters.append(user)
        parameters.append(before.time)
        parameters.append(before.time)
        parameters.append(before.id)
        parameters.append(limit)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        Row(
            id: try columns.next(),
            occurredAt: try columns.next(),
            kind: try columns.next(),
            outcome: try columns.next(),
            actorKind: try columns.next(),
            actorID: try columns.nextOptional(),
            sourceAddress: try columns.nextOptional(),
            details: try columns.nextOptional()
        )
    }
}
