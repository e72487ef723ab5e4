internal import Identity

extension ProfileAttribute {
    /// The purpose of a field by which browsers fill it (HTML section 4.10.18.7, WCAG 1.3.5).
    var autocomplete: String {
        let purposes = [
            "name": "name", "given_name": "given-name", "family_name": "family-name", "middle_name": "additional-name",
            "nickname": "nickname", "website": "url", "birthdate": "bday", "gender": "sex", "locale": "language",
            "address.street_address": "street-address", "address.locality": "address-level2",
            "address.region": "address-level1", "address.postal_code": "postal-code",
            "address.country": "country-name",
        ]
        return purposes[path.description] ?? "off"
    }

    /// Whether its text is written in a field of several lines.
    func takesLines(_ value: String) -> Bool {
        guard kind == .string else { return false }
        return value.utf8.contains(0x0A) || (rules.pattern == nil && rules.maximumLength ?? 0 > 400)
    }

    /// Whether a field for moments can show it: they have no zone, which is UTC here, and would drop fractions.
    func isPlainMoment(_ value: String) -> Bool { value.isEmpty || Self.isLocal(Self.local(value)) }

    /// The value as its field shows it.
    func shown(_ value: String) -> String {
        kind == .dateTime && isPlainMoment(value) ? Self.local(value) : value
    }

    /// A stored moment of whole seconds without its fraction and zone; anything else as it is.
    private static func local(_ value: String) -> String {
        for end in [".000000Z", "Z"] where value.hasSuffix(end) { return String(value.dropLast(end.utf8.count)) }
        return value
    }

    /// The value that a field with this text stands for.
    func meant(_ text: String) -> String {
        switch kind {
        case .dateTime where Self.isLocal(text): text + (text.utf8.count == 16 ? ":00Z" : "Z")
        // Many write decimals with a comma.
        case .decimal where !text.utf8.contains(UInt8(ascii: ".")):
            String(decoding: text.utf8.map { $0 == UInt8(ascii: ",") ? UInt8(ascii: ".") : $0 }, as: UTF8.self)
        default: text
        }
    }

    /// `2026-01-31T09:30`, with seconds or without.
    private static func isLocal(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return (bytes.count == 16 || bytes.count == 19) && bytes[10] == UInt8(ascii: "T")
    }
}

extension Texts {
    /// The name of an attribute: the site's own word for a ready-made one that nobody renamed, else the schema's.
    func label(of attribute: ProfileAttribute) -> String {
        let code = attribute.path.description
        let standard = StandardAttributes.named(attribute.path.root)?.first { $0.path == attribute.path }?.displayName
        let id = "profile.attribute." + code.split(separator: ".").joined(separator: "-")
        if ids.contains(id), standard == attribute.displayName { return self[id] }
        return attribute.displayName.isEmpty ? code : attribute.displayName
    }

    /// The site's own word for a name that a schema uses, or the name itself; nil for an empty one.
    func named(_ prefix: String, _ name: String) -> String? {
        guard !name.isEmpty else { return nil }
        return ids.contains(prefix + name) ? self[prefix + name] : name
    }

    /// Yes or no.
    func flag(_ value: String) -> String { self[value == "true" ? "profile.yes" : "profile.no"] }
}
