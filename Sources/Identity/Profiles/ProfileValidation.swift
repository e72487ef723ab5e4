import JSON
import RegularExpressions

/// Reads values as a schema wants them, collecting every problem instead of stopping at the first (PRODUCT section 3).
struct ProfileValidation {
    let schema: ProfileSchema
    /// Each names its attribute: `profile.address.locality`, `profile.nicknames[2]`.
    private(set) var problems: [FlowError.FieldProblem] = []

    /// Most values of an attribute that takes a list.
    static let maximumValueCount = 100

    init(_ schema: ProfileSchema) {
        self.schema = schema
    }

    /// The value in the form in which it is stored; nil when there is none: null, an empty text, list or object.
    mutating func stored(_ json: JSONValue, as attribute: ProfileAttribute) -> JSONValue? {
        stored(json, attribute, field: Self.field(attribute.path))
    }

    /// Notes required attributes at or under `path` that `document` has no value for.
    mutating func require(_ path: AttributePath, in document: ProfileDocument) {
        guard let attribute = schema[path] else { return }
        if attribute.isRequired, document[path] == nil {
            add(Self.field(path), .attributeRequired, "is required")
        }
    }

    mutating func add(_ path: AttributePath, _ reason: ReasonID, _ description: String) {
        add(Self.field(path), reason, description)
    }

    static func field(_ path: AttributePath) -> String { "profile.\(path)" }

    private mutating func add(_ field: String, _ reason: ReasonID, _ description: String) {
        // A hundred tell enough, and an answer stays small.
        let problem = FlowError.FieldProblem(field: field, reason: reason, description: description)
        guard problems.count < 100, !problems.contains(problem) else { return }
        problems.append(problem)
    }

    private mutating func stored(_ json: JSONValue, _ attribute: ProfileAttribute, field: String) -> JSONValue? {
        guard json != .null else { return nil }
        guard attribute.isMulti else { return one(json, attribute, field: field) }
        guard case .array(let values) = json else {
            add(field, .attributeKind, "takes a list of values")
            return nil
        }
        guard values.count <= Self.maximumValueCount else {
            add(field, .attributeTooMany, "takes at most \(Self.maximumValueCount) values")
            return nil
        }
        let kept = values.enumerated().compactMap { index, value in
            one(value, attribute, field: "\(field)[\(index)]")
        }
        return kept.isEmpty ? nil : .array(kept)
    }

    private mutating func one(_ json: JSONValue, _ attribute: ProfileAttribute, field: String) -> JSONValue? {
        if attribute.kind == .complex { return complex(json, attribute, field: field) }
        // A hundred problems are told; no further value is tried, since patterns cost time.
        guard json != .null, json != .string(""), problems.count < 100 else { return nil }
        guard let value = AttributeValue(json, attribute.kind) else {
            add(field, .attributeKind, "must be \(attribute.kind.noun)")
            return nil
        }
        check(value, attribute, field: field)
        return value.json
    }

    private mutating func complex(_ json: JSONValue, _ attribute: ProfileAttribute, field: String) -> JSONValue? {
        guard case .object(let members) = json else {
            add(field, .attributeKind, "must be an object of sub-attributes")
            return nil
        }
        let children = schema.children(of: attribute.path)
        var kept: [String: JSONValue] = [:]
        for member in members {
            if let child = children.first(where: { $0.path.codes.last == member.name }) {
                kept[member.name] = stored(member.value, child, field: "\(field).\(member.name)")
            } else {
                add(field, .attributeUnknown, "has no sub-attribute of one of the names given")
            }
        }
        if kept.isEmpty { return nil }
        for child in children where child.isRequired {
            guard let code = child.path.codes.last, kept[code] == nil else { continue }
            add("\(field).\(code)", .attributeRequired, "is required")
        }
        return ProfileDocument.object(kept)
    }

    private mutating func check(_ value: AttributeValue, _ attribute: ProfileAttribute, field: String) {
        let rules = attribute.rules
        if let text = rules.minimum, let minimum = AttributeValue(text: text, attribute.kind), value < minimum {
            add(field, .attributeTooSmall, "must be at least \(text)")
        }
        if let text = rules.maximum, let maximum = AttributeValue(text: text, attribute.kind), maximum < value {
            add(field, .attributeTooLarge, "must be at most \(text)")
        }
        if !rules.allowedValues.isEmpty,
            !rules.allowedValues.contains(where: { AttributeValue(text: $0, attribute.kind) == value })
        {
            add(field, .attributeNotAllowed, "is not one of the values allowed")
        }
        if case .string(let text) = value { check(text, value, attribute, field: field) }
    }

    private mutating func check(_ text: String, _ value: AttributeValue, _ attribute: ProfileAttribute, field: String) {
        let count = text.unicodeScalars.count
        let maximum = attribute.maximumLength
        if count > maximum {
            // What is too long is not compared with a pattern, too.
            return add(field, .attributeTooLong, "must have at most \(maximum) characters")
        }
        if attribute.isIndexed, value.sortKey == nil {
            add(field, .attributeTooLong, "is too long to be searched")
        }
        if let minimum = attribute.rules.minimumLength, count < minimum {
            add(field, .attributeTooShort, "must have at least \(minimum) characters")
        }
        guard let pattern = attribute.rules.pattern, let expression = try? RegularExpression(pattern) else { return }
        if expression.compare(text) != .matches {
            add(field, .attributePattern, "does not have the form that the schema asks for")
        }
    }
}

extension ProfileAttribute {
    /// Longest string, in code points; an index holds less.
    var maximumLength: Int {
        rules.maximumLength ?? (isIndexed ? Self.maximumIndexedLength : Self.maximumUnindexedLength)
    }

    static let maximumIndexedLength = 250
    static let maximumUnindexedLength = 10_000

    /// Whether the index holds its values.
    var isIndexed: Bool { isQueryable || isUnique }
}

extension ProfileAttribute.Kind {
    /// What a value must be, for a sentence.
    var noun: String {
        switch self {
        case .boolean: "true or false"
        case .date: "a day such as \"2026-01-31\""
        case .dateTime: "a moment with its zone such as \"2026-01-31T09:30:00Z\""
        case .decimal: "a number of at most 18 digits before the point and 9 behind it"
        case .integer: "a whole number of 64 bits"
        case .string: "a text without control characters"
        case .complex: "an object of sub-attributes"
        }
    }
}
