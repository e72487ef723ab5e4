import MariaDB

/// What can be asked of and done to roles, or to groups, as such.
package struct CollectiveFlows<Kind: CollectiveKind>: Sendable {
    let parts: CoreParts

    /// One by id.
    package func get(_ id: ID<Kind>, _ context: CallContext) async throws(FlowError) -> Collective<Kind> {
        try context.require(.membershipRead)
        guard let item = try await parts.read(context, { try $0.first(CollectiveByID(id: id)) }) else {
            throw .notFound
        }
        return item
    }

    /// The one of a name, in any spelling of it.
    package func find(name: String, _ context: CallContext) async throws(FlowError) -> Collective<Kind> {
        try context.require(.membershipRead)
        let name = try UniqueName.checked(name)
        guard let item = try await parts.read(context, { try $0.first(CollectiveByName<Kind>(name: name)) }) else {
            throw .notFound
        }
        return item
    }

    /// A page of all, or of those whose names begin in one way.
    package func list(
        _ request: PageRequest,
        _ listing: CollectiveListing = CollectiveListing(),
        _ context: CallContext
    ) async throws(FlowError) -> Page<Collective<Kind>> {
        try context.require(.membershipRead)
        let limit = try request.limit()
        let bounds = try listing.bounds()
        let tokens = PageTokens(keyRing: parts.keyRing)
        let filter = [listing.order.rawValue, listing.isDescending ? 1 : 0] + bounds.first
        let position = try tokens.read(request.token, list: Kind.listName, filter: filter, caller: context)
        let items = try await parts.read(context) { transaction in
            try Self.items(listing, bounds, position, limit: limit + 1, transaction)
        }
        return tokens.page(of: items, limit: limit, list: Kind.listName, filter: filter, caller: context) { item in
            listing.order == .name ? UniqueName(item.name)?.canonical ?? [] : item.id.bytes
        }
    }

    private static func items(
        _ listing: CollectiveListing,
        _ bounds: (first: [UInt8], end: [UInt8]),
        _ position: [UInt8]?,
        limit: Int,
        _ transaction: Transaction
    ) throws -> [Collective<Kind>] {
        switch (listing.order, listing.isDescending) {
        case (.creation, false):
            let after = position.flatMap(ID<Kind>.init(bytes:)) ?? .zero
            return try transaction.all(ListCollectives(after: after, limit: limit))
        case (.creation, true):
            let before = position.flatMap(ID<Kind>.init(bytes:)) ?? .greatest
            return try transaction.all(ListNewestCollectives(before: before, limit: limit))
        case (.name, false):
            // The least key that is greater than another one has a zero byte more.
            let first = position.map { $0 + [0] } ?? bounds.first
            return try transaction.all(ListCollectivesByName<Kind>(first: first, end: bounds.end, limit: limit))
        case (.name, true):
            let range = ListCollectivesByName<Kind>(first: bounds.first, end: position ?? bounds.end, limit: limit)
            return try transaction.all(ListCollectivesByNameDescending(range: range))
        }
    }
}
