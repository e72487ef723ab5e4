/// A change of the schema: what it does not name stays as it is.
package struct ProfileSchemaChange: Sendable {
    /// Attributes to add, or to write whole where their path is there already; their numbers do not count.
    package var put: [ProfileAttribute]
    /// Codes of ready-made attributes to add, with their sub-attributes.
    package var addStandard: [String]
    /// Paths to remove, with their sub-attributes; their values are removed from all profiles.
    package var remove: [AttributePath]

    package init(put: [ProfileAttribute] = [], addStandard: [String] = [], remove: [AttributePath] = []) {
        self.put = put
        self.addStandard = addStandard
        self.remove = remove
    }
}

/// What a change of the schema would mean for the profiles there are.
package struct ProfileSchemaReport: Sendable, Hashable, Codable {
    /// Profiles looked at.
    package var profiles: UInt64 = 0
    /// Users with a value that would no longer do, or without one that is required.
    package var invalidUsers: UInt64 = 0
    /// The same by attribute, in the order of the paths.
    package var invalidByAttribute: [Count] = []

    package struct Count: Sendable, Hashable, Codable {
        package let path: AttributePath
        package let users: UInt64
    }
}

/// A schema with what is still being done to follow it.
package struct ProfileSchemaState: Sendable, Hashable, Codable {
    package let schema: ProfileSchema
    /// Attributes whose index is not complete yet: filters do not take them until it is.
    package let filling: [AttributePath]
}

extension ProfileSchema {
    /// The next version, with the tasks that it leaves; throws all problems of the change together.
    func changed(
        by change: ProfileSchemaChange,
        busy: [AttributePath]
    ) throws(FlowError) -> (schema: ProfileSchema, tasks: [ProfileTask]) {
        var problems: [FlowError.FieldProblem] = []
        func add(_ field: String, _ reason: ReasonID, _ description: String) {
            problems.append(.init(field: field, reason: reason, description: description))
        }
        var result: [AttributePath: ProfileAttribute] = [:]
        for attribute in attributes { result[attribute.path] = attribute }
        for (index, path) in change.remove.enumerated() {
            if result[path] == nil { add("remove[\(index)]", .attributeUnknown, "\(path) is not an attribute") }
            result = result.filter { !$0.key.isWithin(path) }
        }
        var number = nextNumber
        var seen: Set<AttributePath> = []
        func put(_ attribute: ProfileAttribute, _ field: String) {
            guard seen.insert(attribute.path).inserted else {
                return add("\(field).path", .fieldInvalid, "\(attribute.path) is given twice")
            }
            let earlier = self[attribute.path]
            let present = result[attribute.path]
            if present == nil, earlier != nil || busy.contains(where: { attribute.path.isWithin($0) }) {
                add(
                    "\(field).path",
                    .attributeBusy,
                    "values of an attribute that had this path are still being removed"
                )
            }
            if let present, present.kind != attribute.kind || present.isMulti != attribute.isMulti {
                add("\(field).kind", .attributeKindFixed, "the kind of an attribute cannot be changed; add another one")
            }
            var attribute = attribute
            attribute.number = present?.number ?? number
            if present == nil { number += 1 }
            result[attribute.path] = attribute
        }
        for (index, code) in change.addStandard.enumerated() {
            guard let standard = StandardAttributes.named(code) else {
                add("add_standard[\(index)]", .attributeUnknown, "is not the code of a ready-made attribute")
                continue
            }
            for attribute in standard where result[attribute.path] == nil { put(attribute, "add_standard[\(index)]") }
        }
        for (index, attribute) in change.put.enumerated() { put(attribute, "put[\(index)]") }
        let fields = Dictionary(
            change.put.enumerated().map { ($0.element.path, "put[\($0.offset)]") },
            uniquingKeysWith: { first, _ in first }
        )
        let resolved = Self.resolved(result)
        problems += ProfileSchemaRules.problems(of: resolved, fields: fields)
        guard problems.isEmpty else { throw .invalid(Array(problems.prefix(100))) }
        let schema = ProfileSchema(version: version + 1, attributes: resolved, nextNumber: number)
        return (schema, tasks(to: schema))
    }

    /// A sub-attribute is seen, written and put into claims with what it belongs to.
    private static func resolved(_ attributes: [AttributePath: ProfileAttribute]) -> [ProfileAttribute] {
        attributes.values.map { attribute in
            guard attribute.path.parent != nil,
                let root = AttributePath(attribute.path.root).flatMap({ attributes[$0] })
            else { return attribute }
            var attribute = attribute
            attribute.readers = root.readers
            attribute.writers = root.writers
            attribute.claimScopes = []
            return attribute
        }
    }

    /// What is to be done to the profiles so that they follow a later version.
    ///
    /// New attributes have no values yet.
    private func tasks(to next: ProfileSchema) -> [ProfileTask] {
        attributes.compactMap { before in
            let after = next[before.path]
            let kind: ProfileTask.Kind? =
                switch after {
                case nil: before.path.parent.map { next[$0] != nil } ?? true ? .strip : .empty
                case .some(let after) where after.isIndexed && !before.isIndexed: .fill
                case .some(let after) where after.isIndexed && after.isUnique != before.isUnique: .fill
                case .some(let after) where !after.isIndexed && before.isIndexed: .empty
                default: nil
                }
            return kind.map { ProfileTask(attribute: before.number, kind: $0, path: before.path, doneTo: .zero) }
        }
    }
}
