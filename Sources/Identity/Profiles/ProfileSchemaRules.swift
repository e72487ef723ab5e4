import RegularExpressions

/// What every schema keeps to, whatever changed it.
enum ProfileSchemaRules {
    static let maximumAttributes = 300
    static let maximumIndexed = 50

    /// Everything that is wrong with these attributes.
    ///
    /// `fields` tells where in the request each path was given.
    static func problems(
        of attributes: [ProfileAttribute],
        fields: [AttributePath: String]
    ) -> [FlowError.FieldProblem] {
        var check = Check(attributes: attributes, fields: fields)
        check.all()
        return check.problems
    }

    private struct Check {
        let attributes: [ProfileAttribute]
        let fields: [AttributePath: String]
        var problems: [FlowError.FieldProblem] = []

        init(attributes: [ProfileAttribute], fields: [AttributePath: String]) {
            self.attributes = attributes.sorted { $0.path.description < $1.path.description }
            self.fields = fields
        }

        mutating func all() {
            if attributes.count > maximumAttributes {
                add(nil, "put", .fieldTooLong, "at most \(maximumAttributes) attributes")
            }
            if attributes.count(where: \.isIndexed) > maximumIndexed {
                add(nil, "put", .fieldTooLong, "at most \(maximumIndexed) attributes that are queryable or unique")
            }
            var names: [String: AttributePath] = [:]
            let kinds = Dictionary(attributes.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
            for attribute in attributes {
                if let other = names.updateValue(attribute.path, forKey: attribute.path.description.lowercased()) {
                    add(attribute, "path", .attributePathInvalid, "differs from \(other) by case alone")
                }
                place(attribute, parent: attribute.path.parent.flatMap { kinds[$0] })
                texts(attribute)
                flags(attribute)
                rules(attribute)
            }
        }

        private mutating func add(
            _ attribute: ProfileAttribute?,
            _ field: String,
            _ reason: ReasonID,
            _ description: String
        ) {
            let place = attribute.map { fields[$0.path] ?? "attributes.\($0.path)" }
            let path = place.map { "\($0).\(field)" } ?? field
            problems.append(.init(field: path, reason: reason, description: description))
        }

        private mutating func place(_ attribute: ProfileAttribute, parent: ProfileAttribute?) {
            if attribute.path.parent != nil {
                if parent?.kind != .complex {
                    add(attribute, "path", .attributePathInvalid, "must stand under an attribute that is complex")
                }
            } else if StandardAttributes.reservedCodes.contains(attribute.path.root.lowercased()) {
                add(attribute, "path", .attributeCodeReserved, "the code is reserved")
            }
        }

        private mutating func texts(_ attribute: ProfileAttribute) {
            let texts = [
                ("display_name", [attribute.displayName], 200), ("description", [attribute.description], 500),
                ("group", [attribute.group], 100), ("tags", attribute.tags, 100),
                ("claim_scopes", attribute.claimScopes, 100),
            ]
            for (field, values, maximum) in texts {
                guard values.count > 20 || values.contains(where: { !Self.isText($0, maximum: maximum) }) else {
                    continue
                }
                add(
                    attribute,
                    field,
                    .fieldInvalid,
                    "at most \(maximum) characters without controls, at most 20 of them"
                )
            }
        }

        private static func isText(_ text: String, maximum: Int) -> Bool {
            text.unicodeScalars.count <= maximum
                && !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
        }

        private mutating func flags(_ attribute: ProfileAttribute) {
            if attribute.writers.rawValue < attribute.readers.rawValue {
                add(attribute, "writers", .fieldInvalid, "whoever writes an attribute must see it")
            }
            if attribute.isUnique, attribute.isMulti || attribute.kind == .complex || attribute.path.parent != nil {
                add(
                    attribute,
                    "unique",
                    .fieldInvalid,
                    "only an outermost attribute with one simple value can be unique"
                )
            }
            if attribute.isQueryable, attribute.kind == .complex {
                add(attribute, "queryable", .fieldInvalid, "its sub-attributes can be queryable, not it")
            }
            if attribute.kind == .string, attribute.isIndexed,
                attribute.maximumLength > ProfileAttribute.maximumIndexedLength
            {
                let maximum = ProfileAttribute.maximumIndexedLength
                add(
                    attribute,
                    "rules.maximum_length",
                    .attributeRuleInvalid,
                    "at most \(maximum) for a text that is queryable or unique"
                )
            }
        }

        private mutating func rules(_ attribute: ProfileAttribute) {
            let rules = attribute.rules
            let isOrdered = [.integer, .decimal, .date, .dateTime].contains(attribute.kind)
            for (field, text) in [("rules.minimum", rules.minimum), ("rules.maximum", rules.maximum)] {
                guard let text else { continue }
                if !isOrdered || AttributeValue(text: text, attribute.kind) == nil {
                    add(
                        attribute,
                        field,
                        .attributeRuleInvalid,
                        "must be a value of the attribute's kind, which has an order"
                    )
                }
            }
            if let minimum = rules.minimum.flatMap({ AttributeValue(text: $0, attribute.kind) }),
                let maximum = rules.maximum.flatMap({ AttributeValue(text: $0, attribute.kind) }), maximum < minimum
            {
                add(attribute, "rules.maximum", .attributeRuleInvalid, "must not be less than the minimum")
            }
            lengths(attribute)
            pattern(attribute)
            let isSimple = attribute.kind != .complex
            if rules.allowedValues.count > 200
                || rules.allowedValues.contains(where: { !isSimple || AttributeValue(text: $0, attribute.kind) == nil })
            {
                add(
                    attribute,
                    "rules.allowed_values",
                    .attributeRuleInvalid,
                    "at most 200 values of the attribute's kind"
                )
            }
        }

        private mutating func lengths(_ attribute: ProfileAttribute) {
            let (minimum, maximum) = (attribute.rules.minimumLength, attribute.rules.maximumLength)
            guard minimum != nil || maximum != nil else { return }
            let range = 0...ProfileAttribute.maximumUnindexedLength
            if attribute.kind != .string || !range.contains(minimum ?? 0) || !range.contains(maximum ?? 0)
                || (minimum ?? 0) > (maximum ?? range.upperBound)
            {
                add(
                    attribute,
                    "rules.maximum_length",
                    .attributeRuleInvalid,
                    "lengths are for texts, 0 to \(range.upperBound), the least first"
                )
            }
        }

        private mutating func pattern(_ attribute: ProfileAttribute) {
            guard let pattern = attribute.rules.pattern else { return }
            guard attribute.kind == .string else {
                return add(attribute, "rules.pattern", .attributeRuleInvalid, "patterns are for texts")
            }
            do {
                _ = try RegularExpression(pattern)
            } catch {
                let description = "is no regular expression: \(error.message) at byte \(error.offset)"
                add(attribute, "rules.pattern", .attributeRuleInvalid, description)
            }
        }
    }
}
