internal import Identity
internal import JSON

/// Reads the form of a profile back: what it names is written, what it does not name stays.
struct ProfileFormReading: Sendable {
    let schema: ProfileSchema
    let form: FormFields

    var changes: ProfileChanges {
        let written = schema.attributes.filter { $0.path.codes.count == 1 && $0.writers == .user }
        return ProfileChanges(
            values: written.compactMap { attribute in
                let name = ProfileFormNames.name(attribute.path)
                guard isNamed(name) else { return nil }
                return (path: attribute.path, value: value(attribute, name))
            }
        )
    }

    private func isNamed(_ name: String) -> Bool { form.has(name) || !form.all(beginningWith: name + ".").isEmpty }

    private func value(_ attribute: ProfileAttribute, _ name: String) -> JSONValue {
        guard attribute.isMulti else { return one(attribute, name) }
        // Empty ones stay in place, so that the domain's numbers are those of the fields.
        let last = form.all(beginningWith: name + ".").keys.compactMap { index(of: $0, under: name) }.max()
        return .array((0..<(last.map { $0 + 1 } ?? 0)).map { one(attribute, "\(name).\($0)") })
    }

    private func index(of field: String, under name: String) -> Int? {
        let digits = field.utf8.dropFirst(name.utf8.count + 1).prefix { $0 != UInt8(ascii: ".") }
        guard (1...3).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(String(decoding: Array(digits), as: UTF8.self))
    }

    private func one(_ attribute: ProfileAttribute, _ name: String) -> JSONValue {
        guard attribute.kind == .complex else { return scalar(attribute, form[name]) }
        let parts = schema.attributes.filter { part in
            part.path.codes.count == attribute.path.codes.count + 1
                && part.path.codes.starts(with: attribute.path.codes)
        }
        return .object(
            parts.compactMap { part in
                guard let code = part.path.codes.last, isNamed("\(name).\(code)") else { return nil }
                return .init(name: code, value: value(part, "\(name).\(code)"))
            }
        )
    }

    /// The domain says what is wrong with a text that is no number, day or moment.
    private func scalar(_ attribute: ProfileAttribute, _ typed: String) -> JSONValue {
        let text = attribute.kind == .string ? typed : attribute.meant(typed.trimmingSpaces)
        guard !text.isEmpty else { return .null }
        return switch attribute.kind {
        case .boolean: text == "true" ? .bool(true) : text == "false" ? .bool(false) : .string(text)
        case .integer, .decimal: .number(text)
        case .date, .dateTime, .string, .complex: .string(text)
        }
    }
}

extension String {
    /// Without spaces at both ends.
    var trimmingSpaces: String {
        let front = utf8.drop { $0 == 0x20 }
        return String(decoding: Array(front.reversed().drop { $0 == 0x20 }.reversed()), as: UTF8.self)
    }
}
