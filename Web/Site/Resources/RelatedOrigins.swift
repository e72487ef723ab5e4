internal import FoundationEssentials
internal import HTTPTypes

/// The document by which browsers learn whose pages may use this site's passkeys (Level 3 section 5.11.1).
enum RelatedOrigins {
    static let path = "/.well-known/webauthn"

    private struct Document: Encodable {
        let origins: [String]
    }

    /// The document as it is served.
    ///
    /// - Parameters:
    ///   - site: Named first, unless browsers come to it without TLS.
    ///   - others: `https` origins.
    /// - Returns: The answer; nil when the site is alone.
    /// - Throws: A sentence about what is no such origin.
    static func answer(site: PublicOrigin, others: [String]) throws -> Answer? {
        guard !others.isEmpty else { return nil }
        let others = try others.map { text throws(WebsiteConfigurationError) in
            let origin = try PublicOrigin(text)
            guard origin.isHTTPS, origin.text.utf8.elementsEqual(text.utf8) else {
                throw WebsiteConfigurationError(description: "Not https://host[:port] as browsers write it: \(text)")
            }
            return origin
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        let origins = ([site] + others).filter(\.isHTTPS).map(\.text)
        return Answer(
            status: .ok,
            headers: [.contentType: "application/json", .cacheControl: "public, max-age=3600"],
            body: Array(try encoder.encode(Document(origins: origins)))
        )
    }
}
