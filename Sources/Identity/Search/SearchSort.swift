/// The order that a list is asked for in: a field, then `asc` or `desc`.
struct SearchSort: Sendable, Hashable {
    let field: SearchField
    let isDescending: Bool

    /// Reads `family_name` or `create_time desc`; nil for an empty text, which leaves the order to the filter.
    init?(_ text: String, _ scope: SearchScope) throws(FlowError) {
        guard !text.isEmpty else { return nil }
        let words = text.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard (1...2).contains(words.count), let path = AttributePath(words[0]),
            words.count == 1 || ["asc", "desc"].contains(words[1])
        else {
            throw .invalid("sort", .filterInvalid, "sort must be the path of an attribute, then asc or desc")
        }
        field = try SearchField(path, in: "sort", scope)
        isDescending = words.count == 2 && words[1] == "desc"
        guard field != .id, field != .state else {
            throw .sortUnserved("`\(field.path)` has no order; `create_time` is close to that of ids")
        }
    }
}
