import Synchronization
import Testing

@testable import Website

/// A browser as far as forms and cookies go: keeps cookies, follows nothing by itself.
final class Browser: Sendable {
    /// A response taken apart.
    struct Page: Sendable {
        let status: Int
        let headers: [(name: String, value: String)]
        let body: String

        func all(_ name: String) -> [String] { headers.filter { $0.name == name }.map(\.value) }
        subscript(_ name: String) -> String? { all(name).first }
        var location: String? { self["location"] }

        /// The value of the first form's hidden field.
        func field(_ name: String) throws -> String {
            let marker = "name=\"\(name)\" value=\""
            let start = try #require(body.firstRange(of: marker)?.upperBound, "no field \(name) in \(body)")
            return String(body[start...].prefix { $0 != "\"" })
        }
    }

    let site: SiteWorld
    let userAgent: String
    private let jar = Mutex<[String: String]>([:])

    init(
        _ site: SiteWorld,
        userAgent: String = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    ) {
        self.site = site
        self.userAgent = userAgent
    }

    var cookies: [String: String] {
        get { jar.withLock { $0 } }
        set { jar.withLock { $0 = newValue } }
    }

    /// Headers that browsers send with a form of the same site.
    static func own(_ site: SiteWorld) -> [(String, String)] {
        [("Sec-Fetch-Site", "same-origin"), ("Origin", "http://localhost:\(site.port)")]
    }

    func get(_ path: String, _ headers: [(String, String)] = []) async throws -> Page {
        try await send("GET", path, headers, body: nil)
    }

    /// Posts a form, with the headers of our own pages if none are given.
    func post(_ path: String, _ fields: [(String, String)], headers: [(String, String)]? = nil) async throws -> Page {
        let body = fields.map { Self.encode($0.0) + "=" + Self.encode($0.1) }.joined(separator: "&")
        let kind = [("Content-Type", "application/x-www-form-urlencoded")]
        return try await send("POST", path, kind + (headers ?? Self.own(site)), body: body)
    }

    func send(_ method: String, _ path: String, _ headers: [(String, String)], body: String?) async throws -> Page {
        var head = "\(method) \(path) HTTP/1.1\r\nConnection: close\r\nUser-Agent: \(userAgent)\r\n"
        if !headers.contains(where: { $0.0 == "Host" }) { head += "Host: localhost:\(site.port)\r\n" }
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        let cookies = cookies
        if !cookies.isEmpty { head += "Cookie: \(cookies.map { "\($0)=\($1)" }.joined(separator: "; "))\r\n" }
        if let body { head += "Content-Length: \(body.utf8.count)\r\n" }
        let reply = try await RawHTTP(port: site.port).exchange(head + "\r\n" + (body ?? ""))
        let page = try Self.parse(reply.text)
        keep(page.all("set-cookie"))
        return page
    }

    private func keep(_ settings: [String]) {
        jar.withLock { jar in
            for setting in settings {
                let pair = setting.prefix { $0 != ";" }.split(
                    separator: "=",
                    maxSplits: 1,
                    omittingEmptySubsequences: false
                )
                jar[String(pair[0])] = setting.contains("Max-Age=0") ? nil : String(pair[1])
            }
        }
    }

    static func parse(_ text: String) throws -> Page {
        let bytes = Array(text.utf8)
        let separator = Array("\r\n\r\n".utf8)
        let end = try #require(
            bytes.indices.first { bytes[$0...].starts(with: separator) },
            "not a response: \(text)"
        )
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
        let status = try #require(Int(lines[0].split(separator: " ")[1]))
        let headers = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return (name: parts[0].lowercased(), value: String(parts[1].drop { $0 == " " }))
        }
        return Page(status: status, headers: headers, body: String(decoding: bytes[(end + 4)...], as: UTF8.self))
    }

    /// A text in a query as the site writes it.
    static func partlyEncoded(_ text: String) -> String { PercentDecoding.encode(text) }

    static func encode(_ text: String) -> String {
        text.utf8.map { byte in
            let digits = Array("0123456789ABCDEF")
            return "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
        }.joined()
    }
}
