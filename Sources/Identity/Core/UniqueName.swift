import InternationalNames

/// The name of a service account, role or group: 1 to 200 characters, trimmed, unique without regard to case and form.
struct UniqueName: Sendable, Hashable {
    /// As it was written, without white space at its ends.
    let value: String
    /// NFKC, folded.
    let canonical: [UInt8]

    init?(_ text: String) {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return nil }
        let trimmed = scalars[first...last]
        guard trimmed.count <= 200, !trimmed.contains(where: { $0.isInvisible && $0 != " " }),
            let canonical = String(trimmed).normalized(.nfkc)?.caseFolded.normalized(.nfkc)
        else { return nil }
        value = String(trimmed)
        self.canonical = Array(canonical.utf8)
        guard (1...800).contains(self.canonical.count) else { return nil }
    }
}

/// What administrators wrote about a thing: at most 500 characters, lines allowed.
enum DescriptionText {
    static func checked(_ text: String) throws(FlowError) -> String {
        let scalars = text.unicodeScalars
        guard scalars.count <= 500,
            !scalars.contains(where: { $0.properties.generalCategory == .control && $0 != "\n" })
        else {
            throw .invalid(
                "description",
                .fieldInvalid,
                "description must have at most 500 characters without controls"
            )
        }
        return text
    }
}

extension UniqueName {
    /// Reads a name of a request; the refusal names the field.
    static func checked(_ text: String, field: String = "name") throws(FlowError) -> UniqueName {
        guard let name = UniqueName(text) else {
            throw .invalid(field, .fieldInvalid, "\(field) must have 1 to 200 characters without controls")
        }
        return name
    }
}
