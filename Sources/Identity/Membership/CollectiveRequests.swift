/// What to write of a role or group; a field that is nil stays as it is.
package struct CollectiveChanges: Sendable {
    package var name: String?
    package var description: String?
    package var demand: AssuranceDemand?

    package init(name: String? = nil, description: String? = nil, demand: AssuranceDemand? = nil) {
        self.name = name
        self.description = description
        self.demand = demand
    }

    /// The fields in checked form.
    struct Checked: Sendable {
        var name: UniqueName?
        var description: String?
        var demand: AssuranceDemand?
    }

    func checked() throws(FlowError) -> Checked {
        Checked(
            name: try name.map { text throws(FlowError) in try UniqueName.checked(text) },
            description: try description.map { text throws(FlowError) in try DescriptionText.checked(text) },
            demand: demand
        )
    }
}

/// Which roles or groups are listed, in which order.
package struct CollectiveListing: Sendable, Hashable {
    /// What lists are sorted by.
    package enum Order: UInt8, Sendable, Hashable {
        case creation = 1
        case name = 2
    }

    /// Names that begin so, without regard to case and form; nil: all.
    package var namePrefix: String?
    package var order: Order
    package var isDescending: Bool

    package init(namePrefix: String? = nil, order: Order = .creation, isDescending: Bool = false) {
        self.namePrefix = namePrefix
        self.order = order
        self.isDescending = isDescending
    }

    /// `name`, `name desc`, `create_time`, `create_time desc`; empty: by name with a prefix, by creation without.
    package init(namePrefix: String, orderBy: String) throws(FlowError) {
        let prefix = namePrefix.isEmpty ? nil : namePrefix
        switch orderBy {
        case "": self.init(namePrefix: prefix, order: prefix == nil ? .creation : .name)
        case "name", "name desc": self.init(namePrefix: prefix, order: .name, isDescending: orderBy != "name")
        case "create_time", "create_time desc":
            self.init(namePrefix: prefix, order: .creation, isDescending: orderBy != "create_time")
        default: throw .orderUnknown
        }
    }

    /// The range of keys that the list is of: the first, and the first after the last.
    func bounds() throws(FlowError) -> (first: [UInt8], end: [UInt8]) {
        guard let namePrefix else { return ([], [0xFF]) }
        guard order == .name else { throw .prefixNeedsNameOrder }
        let prefix = try UniqueName.checked(namePrefix, field: "name_prefix").canonical
        // No byte of UTF-8 is 255.
        return (prefix, prefix + [0xFF])
    }
}

extension FlowError {
    static let orderUnknown = FlowError.invalid(
        "order_by",
        .fieldInvalid,
        "order_by is one of name, name desc, create_time, create_time desc"
    )

    static let prefixNeedsNameOrder = FlowError.invalid(
        "order_by",
        .fieldInvalid,
        "a list by name_prefix is in the order of names; no index serves another"
    )
}
