// Reads what a request gives for a service account; problems name their field.
extension ServiceAccountChanges {
    /// The fields in checked form.
    struct Checked: Sendable {
        var name: UniqueName?
        var description: String?
        var scopes: ScopeSet?
        var isDisabled: Bool?
        var certificateNames: [String]?
    }

    func checked() throws(FlowError) -> Checked {
        Checked(
            name: try name.map { text throws(FlowError) in try UniqueName.checked(text) },
            description: try description.map { text throws(FlowError) in try DescriptionText.checked(text) },
            scopes: try scopes.map { names throws(FlowError) in try Self.scopes(names) },
            isDisabled: isDisabled,
            certificateNames: try certificateNames.map { names throws(FlowError) in try Self.certificateNames(names) }
        )
    }

    private static func scopes(_ names: [String]) throws(FlowError) -> ScopeSet {
        guard names.count <= 100 else { throw .invalid("scopes", .fieldTooLong, "at most 100 scopes") }
        guard let scopes = ScopeSet(names) else {
            throw .invalid("scopes", .scopeUnknown, "every scope is a permission, an area such as users.*, or *")
        }
        return scopes
    }

    private static func certificateNames(_ names: [String]) throws(FlowError) -> [String] {
        let read = names.compactMap(CertificateName.init).map(\.text)
        guard names.count <= 20, read.count == names.count else {
            throw .invalid(
                "certificate_names",
                .fieldInvalid,
                "at most 20 URIs or DNS names of 255 visible ASCII characters"
            )
        }
        return Set(read).sorted()
    }
}
