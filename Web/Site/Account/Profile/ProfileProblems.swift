internal import Identity

/// What the domain found wrong with the values of a profile, in words, by the names of fields.
struct ProfileProblems: Sendable {
    private(set) var byField: [String: [String]] = [:]
    let summary: ProblemSummary?

    init(_ problems: [FlowError.FieldProblem], _ schema: ProfileSchema, _ form: FormFields, _ texts: Texts) {
        var items: [ProblemSummary.Item] = []
        for problem in problems {
            let named = ProfileFormNames.name(ofProblem: problem.field)
            let attribute = ProfileFormNames.path(of: named).flatMap { schema[$0] }
            let field = Self.field(named, form)
            let message = Self.message(problem.reason, attribute, texts)
            byField[field, default: []].append(message)
            let label = attribute.map {
                texts.text("profile.problem", ["name": texts.label(of: $0), "problem": message])
            }
            items.append(.init(message: label ?? message, fieldPath: "#" + (form.has(field) ? field : "content")))
        }
        summary = items.isEmpty ? nil : ProblemSummary(items: items)
    }

    /// A problem of a whole list or frame is told at its first field.
    private static func field(_ name: String, _ form: FormFields) -> String {
        guard !form.has(name) else { return name }
        return form.all(beginningWith: name + ".").keys.sorted().first ?? name
    }

    private static func message(_ reason: ReasonID, _ attribute: ProfileAttribute?, _ texts: Texts) -> String {
        let rules = attribute?.rules
        var values = ["minimum": rules?.minimum ?? "", "maximum": rules?.maximum ?? ""]
        switch reason {
        case .attributeTooShort: values["minimum"] = "\(rules?.minimumLength ?? 0)"
        case .attributeTooLong: values["maximum"] = "\(rules?.maximumLength ?? 250)"
        default: break
        }
        let id: String? =
            switch reason {
            case .attributeRequired: "required"
            case .attributeKind: attribute.map { "kind_\($0.kind)" }
            case .attributeTooSmall: "too_small"
            case .attributeTooLarge: "too_large"
            case .attributeTooShort: "too_short"
            case .attributeTooLong: "too_long"
            case .attributeTooMany: "too_many"
            case .attributePattern: "pattern"
            case .attributeNotAllowed: "not_allowed"
            case .attributeTaken: "taken"
            case .attributeReadOnly, .attributeUnknown: "not_yours"
            case .profileTooLarge: "too_much"
            default: nil
            }
        return texts.text("profile.wrong." + (id ?? "other"), values)
    }
}

extension ProfileProblems {
    /// What a person can put right of a refusal to write; throws what nobody can.
    init(refusal: FlowError, _ schema: ProfileSchema, _ form: FormFields, _ texts: Texts) throws(FlowError) {
        switch refusal.code {
        case .invalidInput(let found): self.init(found, schema, form, texts)
        case .alreadyExists:
            let taken = FlowError.FieldProblem(field: refusal.field ?? "", reason: refusal.reason, description: "")
            self.init([taken], schema, form, texts)
        case .revisionConflict: self.init(changedElsewhere: texts)
        default: throw refusal
        }
    }

    /// Somebody, perhaps the same person in another window, was faster; what was typed is shown again, and saving it
    /// again puts it over that.
    private init(changedElsewhere texts: Texts) {
        summary = ProblemSummary(items: [.init(message: texts["profile.changed_elsewhere"], fieldPath: "#content")])
    }
}
