/// One page of a list, in the list's own order.
package struct Page<Item: Sendable>: Sendable {
    package let items: [Item]
    /// Gives the page after this one; nil on the last.
    package let nextPageToken: String?

    package init(items: [Item], nextPageToken: String?) {
        self.items = items
        self.nextPageToken = nextPageToken
    }
}

/// Which page of a list is wanted.
package struct PageRequest: Sendable, Hashable {
    /// 1 to 1000; 0 means 50.
    package var size: UInt32
    /// From the page before; empty for the first.
    package var token: String

    package init(size: UInt32 = 0, token: String = "") {
        self.size = size
        self.token = token
    }

    /// How many items the page may have.
    func limit() throws(FlowError) -> Int {
        guard size <= 1000 else {
            throw .invalid("page_size", .pageSizeInvalid, "page_size must be at most 1000; 0 means 50")
        }
        return size == 0 ? 50 : Int(size)
    }
}
