/// Whose pages may use passkeys, and how many there are.
struct PasskeySettings: Sendable {
    let relatedOrigins: [RelatedOrigin]
    let maximumPerUser: Int

    /// Names of all origins together; browsers look at so many at least (Level 3 section 5.11.1).
    static let maximumLabels = 5

    init(_ sources: inout ConfigurationSources, siteURL: String, problems: inout [String]) {
        let origins = sources.read(Options.passkeyRelatedOrigins)
        relatedOrigins = origins.compactMap { RelatedOrigin($0) }
        maximumPerUser = sources.read(Options.passkeysPerUser)
        if relatedOrigins.count != origins.count || Set(origins).count != origins.count {
            problems.append(
                "passkeys.related-origins must be different https://host[:port] in lower case, with commas between"
            )
        }
        let labels = Set((relatedOrigins + [RelatedOrigin(siteURL)].compactMap(\.self)).map(\.label))
        if labels.count > Self.maximumLabels {
            problems.append("passkeys.related-origins may have \(Self.maximumLabels) names together with the site")
        }
    }
}
