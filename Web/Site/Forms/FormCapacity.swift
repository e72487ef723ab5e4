/// How much a form may hold.
struct FormCapacity: Sendable {
    /// The most bytes; nil for what the site is configured with.
    var bytes: Int?
    var fields: Int
    /// Whether values may have several lines.
    var takesLines = false

    /// What nearly all forms need.
    static let small = FormCapacity(fields: 16)
    /// Every value of a profile, percent-encoded.
    static let profile = FormCapacity(bytes: 400_000, fields: 4000, takesLines: true)
}
