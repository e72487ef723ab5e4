internal import Identity

/// Draws the form of a profile from its schema: groups, order, types and rules as the schema has them.
struct ProfileFormDrawing: Sendable {
    let schema: ProfileSchema
    /// What the fields hold, by their names: as stored, or as somebody typed it.
    let texts: [String: String]
    /// What is wrong, by the names of fields.
    let problems: [String: [String]]
    let words: Texts
    /// Which outermost attributes are drawn.
    var isDrawn: @Sendable (ProfileAttribute) -> Bool = { _ in true }

    /// Empty fields that a list has behind its values.
    private static let spareCount = 2
    private static let maximumCount = 100

    func view(summary: ProblemSummary?) -> ProfileFormView {
        let attributes = children(of: nil).filter(isDrawn)
        var names: [String] = []
        for attribute in attributes where !names.contains(attribute.group) { names.append(attribute.group) }
        let groups = names.map { name in group(name, attributes.filter { $0.group == name }) }
        return ProfileFormView(groups: groups, problems: summary)
    }

    /// In the order of the schema.
    private func children(of parent: AttributePath?) -> [ProfileAttribute] {
        let depth = (parent?.codes.count ?? 0) + 1
        let own = schema.attributes.filter { attribute in
            attribute.path.codes.count == depth && attribute.path.codes.starts(with: parent?.codes ?? [])
        }
        return own.sorted { ($0.order, $0.path.description) < ($1.order, $1.path.description) }
    }

    private func group(_ name: String, _ attributes: [ProfileAttribute]) -> ProfileFormView.Group {
        let open = attributes.filter { $0.writers == .user }
        let facts = attributes.filter { $0.writers != .user }.map(fact)
        return ProfileFormView.Group(
            heading: words.named("profile.group.", name) ?? words["profile.group.other"],
            rows: open.flatMap { rows($0, name: ProfileFormNames.name($0.path)) },
            facts: facts,
            hasFacts: !facts.isEmpty
        )
    }

    private func fact(_ attribute: ProfileAttribute) -> ProfileFormView.Fact {
        let name = ProfileFormNames.name(attribute.path)
        let values = texts.filter { $0.key == name || $0.key.utf8.starts(with: (name + ".").utf8) }
        let shown = values.sorted { $0.key < $1.key }.map {
            attribute.kind == .boolean ? words.flag($0.value) : $0.value
        }
        return ProfileFormView.Fact(
            label: words.label(of: attribute),
            value: shown.isEmpty ? words["profile.nothing"] : shown.joined(separator: ", ")
        )
    }

    // MARK: - Rows

    private func rows(_ attribute: ProfileAttribute, name: String) -> [ProfileFormView.Row] {
        guard attribute.isMulti else { return one(attribute, name: name, label: words.label(of: attribute)) }
        let frame = ProfileFormView.Frame(legend: words.label(of: attribute), hint: words["profile.list_hint"])
        let values = (0..<count(name)).flatMap { index in
            one(attribute, name: "\(name).\(index)", label: words.text("profile.nth", ["number": "\(index + 1)"]))
        }
        return [.opening(frame)] + values + [.closing]
    }

    /// How many fields a list has: its values, and some to write more into.
    private func count(_ name: String) -> Int {
        let filled = texts.keys.compactMap { key -> Int? in
            guard key.utf8.starts(with: (name + ".").utf8), texts[key]?.isEmpty == false else { return nil }
            let rest = key.utf8.dropFirst(name.utf8.count + 1).prefix { $0 != UInt8(ascii: ".") }
            return Int(String(decoding: Array(rest), as: UTF8.self))
        }
        return min(Self.maximumCount, (filled.max() ?? -1) + 1 + Self.spareCount)
    }

    private func one(_ attribute: ProfileAttribute, name: String, label: String) -> [ProfileFormView.Row] {
        guard attribute.kind == .complex else { return [.field(field(attribute, name: name, label: label))] }
        let parts = children(of: attribute.path).flatMap { part in
            rows(part, name: name + "." + (part.path.codes.last ?? ""))
        }
        return [.opening(.init(legend: label, hint: hint(attribute)))] + parts + [.closing]
    }

    private func field(_ attribute: ProfileAttribute, name: String, label: String) -> ProfileFormView.Field {
        let value = texts[name] ?? ""
        let (hint, problem) = (hint(attribute), problems[name]?.joined(separator: " "))
        let ids = (hint == nil ? [] : [name + "-hint"]) + (problem == nil ? [] : [name + "-problem"])
        let choice = choice(attribute, value)
        let lines = choice == nil && attribute.takesLines(value)
        return ProfileFormView.Field(
            name: name,
            label: label,
            isRequired: attribute.isRequired,
            hint: hint,
            problem: problem,
            describedBy: ids.isEmpty ? nil : ids.joined(separator: " "),
            value: attribute.shown(value),
            line: choice == nil && !lines ? line(attribute, value) : nil,
            lines: lines,
            choice: choice
        )
    }

    private func hint(_ attribute: ProfileAttribute) -> String? {
        let own = attribute.description.isEmpty ? nil : attribute.description
        return own ?? (attribute.kind == .dateTime ? words["profile.utc_hint"] : nil)
    }

    private func choice(_ attribute: ProfileAttribute, _ value: String) -> ProfileFormView.Choice? {
        let values: [(String, String)]
        if attribute.kind == .boolean {
            values = [("true", words.flag("true")), ("false", words.flag("false"))]
        } else if !attribute.rules.allowedValues.isEmpty {
            values = attribute.rules.allowedValues.map { ($0, $0) }
        } else {
            return nil
        }
        // What is stored and no longer allowed stays until somebody chooses another.
        let isKnown = value.isEmpty || values.contains { $0.0 == value }
        let all = [("", words["profile.no_choice"])] + values + (isKnown ? [] : [(value, value)])
        return .init(options: all.map { .init(value: $0.0, label: $0.1, isSelected: $0.0 == value) })
    }

    private func line(_ attribute: ProfileAttribute, _ value: String) -> ProfileFormView.Line {
        let isMoment = attribute.kind == .dateTime && attribute.isPlainMoment(value)
        let type = attribute.kind == .date ? "date" : isMoment ? "datetime-local" : "text"
        let mode =
            switch attribute.kind {
            case .integer: attribute.rules.minimum?.hasPrefix("-") ?? true ? "text" : "numeric"
            case .decimal: attribute.rules.minimum?.hasPrefix("-") ?? true ? "text" : "decimal"
            default: "text"
            }
        return .init(
            type: type,
            inputMode: mode,
            autocomplete: attribute.autocomplete,
            minimum: type == "date" ? attribute.rules.minimum : nil,
            maximum: type == "date" ? attribute.rules.maximum : nil,
            hasSeconds: type == "datetime-local"
        )
    }
}
