/// What people call their authenticators.
enum AuthenticatorName {
    private static let maximumLength = 100

    /// The name without spaces around it; refused when nothing is left, when it is too long, or when a character in it
    /// cannot be seen.
    static func checked(_ name: String) throws(FlowError) -> String {
        let scalars = name.unicodeScalars
        guard scalars.count <= maximumLength else {
            throw .invalid("name", .fieldTooLong, "at most \(maximumLength) characters")
        }
        guard scalars.allSatisfy(isVisible) else {
            throw .invalid("name", .fieldInvalid, "must not hold control characters")
        }
        let front = scalars.drop { $0 == " " }
        let trimmed = String(String.UnicodeScalarView(front.reversed().drop { $0 == " " }.reversed()))
        guard !trimmed.utf8.isEmpty else { throw .invalid("name", .fieldRequired, "a name is needed") }
        return trimmed
    }

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}
