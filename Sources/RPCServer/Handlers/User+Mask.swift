internal import Identity
internal import Wire

extension Wire.User {
    /// The fields that a mask may name.
    static let maskable: Set<String> = [
        "id", "state", "state_reason", "state_change", "locked_until", "delete_after", "external_id", "identifiers",
        "revision",
        "create_time", "update_time",
    ]

    /// Checks a mask of fields to return; nil for all.
    static func mask(_ paths: [String]?) throws(FlowError) -> Set<String>? {
        guard let paths, !paths.isEmpty else { return nil }
        guard maskable.isSuperset(of: paths) else {
            let names = maskable.sorted().joined(separator: ", ")
            throw RequestFields.invalid("read_mask", "may name: \(names)", .fieldUnknown)
        }
        return Set(paths)
    }

    /// Only the id and the fields of a mask.
    func masked(_ mask: Set<String>?) -> Wire.User {
        guard let mask else { return self }
        var user = Wire.User(id: id)
        if mask.contains("state") { user.state = state }
        if mask.contains("state_reason") { user.stateReason = stateReason }
        if mask.contains("state_change") { user.stateChange = stateChange }
        if mask.contains("locked_until") { user.lockedUntil = lockedUntil }
        if mask.contains("delete_after") { user.deleteAfter = deleteAfter }
        if mask.contains("external_id") { user.externalID = externalID }
        if mask.contains("identifiers") { user.identifiers = identifiers }
        if mask.contains("revision") { user.revision = revision }
        if mask.contains("create_time") { user.createTime = createTime }
        if mask.contains("update_time") { user.updateTime = updateTime }
        return user
    }
}
