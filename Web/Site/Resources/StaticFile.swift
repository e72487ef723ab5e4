internal import Cryptography

/// A style, script or picture, served under a name that changes with its content.
struct StaticFile: Sendable {
    /// Such as `/static/site-0123456789abcdef.css`.
    let path: String
    let mediaType: String
    let bytes: [UInt8]

    /// - Parameters:
    ///   - name: Name in `Static/`, of a kind that is listed here.
    ///   - bytes: Its content.
    /// - Throws: A sentence about a name of no known kind.
    init(name: String, bytes: [UInt8]) throws {
        let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
        let types = [
            "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml",
        ]
        guard parts.count == 2, let mediaType = types[parts[1]] else {
            throw SiteFileProblem(path: name, reason: "is of no kind that we serve")
        }
        let digest = Hex.encode(SHA256.digest(of: bytes).prefix(8))
        path = "/static/\(parts[0])-\(digest).\(parts[1])"
        self.mediaType = mediaType
        self.bytes = bytes
    }
}
