internal import Identity

/// Reads fields of requests into the domain's types; a value that is none is refused by the field's name.
enum RequestFields {
    static func id<Kind>(_ text: String, _ field: String) throws(FlowError) -> ID<Kind> {
        guard let id = ID<Kind>(text: text) else { throw invalid(field, "must be an id") }
        return id
    }

    /// Nil for an empty text.
    static func optionalID<Kind>(_ text: String, _ field: String) throws(FlowError) -> ID<Kind>? {
        text.isEmpty ? nil : try id(text, field)
    }

    /// 0 stands for any revision.
    static func revision(_ number: UInt64) -> UInt64? {
        number == 0 ? nil : number
    }

    /// The paths of an update mask: at least one, each known, none twice.
    static func mask(_ paths: [String]?, known: Set<String>) throws(FlowError) -> Set<String> {
        guard let paths, !paths.isEmpty else {
            throw invalid("update_mask", "must name the fields to write", .fieldRequired)
        }
        guard Set(paths).count == paths.count, known.isSuperset(of: paths) else {
            throw invalid(
                "update_mask",
                "may name, each once: \(known.sorted().joined(separator: ", "))",
                .fieldUnknown
            )
        }
        return Set(paths)
    }

    static func invalid(
        _ field: String,
        _ description: String,
        _ reason: ReasonID = .fieldInvalid
    ) -> FlowError {
        .invalid(field, reason, description)
    }
}
