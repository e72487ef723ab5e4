internal import HTTPTypes

/// Whether a form was sent from our own pages (SECURITY WEB-01, SE-13).
enum CrossSiteGuard {
    /// Demands `Sec-Fetch-Site: same-origin` or `none`, with our `Origin` as the older proof; refuses when neither header is
    /// there, when one is there twice, and when they disagree.
    static func isOwn(_ headers: HTTPFields, origin: PublicOrigin) -> Bool {
        let sites = headers[values: .secFetchSite]
        let origins = headers[values: .origin]
        guard sites.count <= 1, origins.count <= 1, !(sites.isEmpty && origins.isEmpty) else { return false }
        let isOwnSite = sites.first.map { $0 == "same-origin" || $0 == "none" } ?? true
        let isOwnOrigin = origins.first.map { origin.isNamed(byOrigin: $0) } ?? true
        return isOwnSite && isOwnOrigin
    }
}

extension HTTPField.Name {
    /// Fetch Metadata Request Headers, section 2.4.
    static let secFetchSite = HTTPField.Name(exactly: "Sec-Fetch-Site")

    /// Clear Site Data, section 3.1.
    static let clearSiteData = HTTPField.Name(exactly: "Clear-Site-Data")

    /// HTML Living Standard, section 7.4.2.2.
    static let refresh = HTTPField.Name(exactly: "Refresh")

    static let forwardedFor = HTTPField.Name(exactly: "X-Forwarded-For")

    /// A name written in this source.
    private init(exactly name: StaticString) {
        guard let name = HTTPField.Name("\(name)") else { preconditionFailure("\(name) is a token of RFC 9110") }
        self = name
    }
}
