/// Attributes that are ready to be added: the standard claims of OpenID Connect Core 1.0 section 5.1.
package enum StandardAttributes {
    /// What a new installation has, beside the identifiers.
    static let initialCodes = ["name", "given_name", "family_name"]

    /// The codes of all, in the order of the standard.
    package static let codes = [
        "name", "given_name", "family_name", "middle_name", "nickname", "profile", "picture", "website", "gender",
        "birthdate", "zoneinfo", "locale", "address",
    ]

    /// The attribute of this code with its sub-attributes; nil for a code that is not ready-made.
    package static func named(_ code: String) -> [ProfileAttribute]? {
        let made: [ProfileAttribute?]? =
            switch code {
            case "name": [text(code, "Full name", order: 10, isQueryable: true)]
            case "given_name": [text(code, "Given name", order: 20, isQueryable: true)]
            case "family_name": [text(code, "Family name", order: 30, isQueryable: true)]
            case "middle_name": [text(code, "Middle name", order: 40)]
            case "nickname": [text(code, "Nickname", order: 50)]
            case "profile": [address(code, "Profile page", order: 60)]
            case "picture": [address(code, "Picture", order: 70)]
            case "website": [address(code, "Website", order: 80)]
            case "gender": [text(code, "Gender", order: 90)]
            // A year alone, or a day whose year is 0000, are allowed.
            case "birthdate":
                [text(code, "Birth date", order: 100, pattern: #"\d{4}(-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]))?"#)]
            case "zoneinfo": [text(code, "Time zone", order: 110, pattern: #"[A-Za-z0-9_+\-]+(/[A-Za-z0-9_+\-]+)*"#)]
            case "locale": [text(code, "Language", order: 120, pattern: #"[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*"#)]
            case "address": postalAddress
            default: nil
            }
        return made?.compactMap(\.self)
    }

    private static func text(
        _ path: String,
        _ name: String,
        order: Int32,
        scope: String = "profile",
        length: Int = 200,
        pattern: String? = nil,
        isQueryable: Bool = false
    ) -> ProfileAttribute? {
        guard let path = AttributePath(path) else { return nil }
        var attribute = ProfileAttribute(path: path, kind: .string)
        attribute.displayName = name
        attribute.order = order
        attribute.group = scope
        attribute.claimScopes = path.parent == nil ? [scope] : []
        attribute.isQueryable = isQueryable
        attribute.rules = .init(maximumLength: length, pattern: pattern)
        return attribute
    }

    private static func address(_ path: String, _ name: String, order: Int32) -> ProfileAttribute? {
        text(path, name, order: order, length: 2000, pattern: #"https?://[^\s<>"]+"#)
    }

    private static var postalAddress: [ProfileAttribute?] {
        guard let path = AttributePath("address") else { return [] }
        var address = ProfileAttribute(path: path, kind: .complex)
        address.displayName = "Address"
        address.order = 130
        address.group = "address"
        address.claimScopes = ["address"]
        let parts = [
            text("address.formatted", "Full address", order: 10, scope: "address", length: 1000),
            text("address.street_address", "Street", order: 20, scope: "address", length: 500),
            text("address.locality", "Town", order: 30, scope: "address"),
            text("address.region", "Region", order: 40, scope: "address"),
            text("address.postal_code", "Postal code", order: 50, scope: "address", length: 20),
            text("address.country", "Country", order: 60, scope: "address"),
        ]
        return [address] + parts
    }

    /// Codes that no attribute may have: claims that others rely on, and names that filters give to other things
    /// (PRODUCT section 1, SECURITY ADM-10).
    ///
    /// In lower case; case does not tell them apart.
    static let reservedCodes: Set<String> = [
        // Claims of tokens (RFC 7519, RFC 8693, RFC 9068, OpenID Connect Core).
        "iss", "sub", "aud", "exp", "nbf", "iat", "jti", "azp", "nonce", "auth_time", "acr", "amr", "sid", "at_hash",
        "c_hash", "s_hash", "scope", "client_id", "cnf", "act", "may_act", "events", "token_use", "roles", "groups",
        "entitlements", "permissions", "updated_at",
        // Drawn from identifiers, which have flows of their own.
        "email", "email_verified", "phone_number", "phone_number_verified", "preferred_username",
        // What a filter calls users themselves.
        "id", "user_id", "state", "external_id", "phone", "username", "role", "group", "created_at", "create_time",
        "update_time", "revision", "is_active", "password",
    ]
}
