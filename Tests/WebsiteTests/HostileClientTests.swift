import MariaDB
import Testing

@testable import Website

/// Raw bytes on the socket (SECURITY WEB-10).
struct HostileClientTests {
    static let form = "Content-Type: application/x-www-form-urlencoded\r\n"

    @Test(arguments: [
        "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
        "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
        "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: +4\r\n\r\nabcd",
        "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\nabcd",
        "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        "GET /sign-in HTTP/1.1\nHost: localhost\n\n",
        "GET /sign-in HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n",
        "GET /sign-in HTTP/1.1\r\nHost: localhost\r\nX : a\r\n\r\n",
        "GET /sign-in HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n",
        "GET /sign-in HTTP/1.1\r\nHost: localhost\r\nX: a\rb\r\n\r\n",
        "GET /sign-in\r\n\r\n",
        "GET /sign-in HTTP/9.9\r\nHost: localhost\r\n\r\n",
        "NONSENSE /sign-in HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "\u{16}\u{3}\u{1}\0\u{1}",
        "GET /sign-in HTTP/1.1\r\nHost: localhost\r\nX: " + String(repeating: "a", count: 20_000) + "\r\n\r\n",
        "GET /sign-in HTTP/1.1\r\nHost: localhost\r\n" + String(repeating: "X: a\r\n", count: 100) + "\r\n",
        "GET /" + String(repeating: "a", count: 100_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ])
    func `A request that cannot be read meets refusals alone and the end of the connection`(text: String) async throws {
        try await withSite(configuration: { $0.limits.idleTimeSeconds = 3 }) { site in
            let bytes = text.replacing("Host: localhost", with: "Host: localhost:\(site.port)")
            let reply = try await RawHTTP(port: site.port).exchange(bytes)
            #expect(reply.isClosed)
            // A head that is refused may be followed by a body that cannot be read: two refusals, never an answer.
            #expect(reply.statusLines <= 2 && !reply.text.contains("HTTP/1.1 2") && !reply.text.contains("HTTP/1.1 3"))
            guard !reply.bytes.isEmpty else { return }
            let page = try Browser.parse(reply.text)
            #expect([400, 404, 405, 414, 415, 431].contains(page.status), "\(reply.statusLine)")
            HeaderTests.check(page, "\(text.prefix(60))")
            // And the server is still there.
            #expect(try await Browser(site).get("/sign-in").status == 200)
        }
    }

    @Test
    func `A second Host header does not count`() async throws {
        try await withSite { site in
            let head =
                "GET /sign-in HTTP/1.1\r\nConnection: close\r\nHost: evil.test\r\nHost: localhost:\(site.port)\r\n\r\n"
            #expect(try await RawHTTP(port: site.port).exchange(head).statusLine.contains("421"))
            let none = try await RawHTTP(port: site.port).exchange("GET /sign-in HTTP/1.1\r\nConnection: close\r\n\r\n")
            #expect(none.statusLine.contains("421"))
        }
    }

    @Test
    func `A form that trickles in is cut off, however steadily`() async throws {
        try await withSite(configuration: { $0.limits.requestTimeSeconds = 1 }) { site in
            let head =
                "POST /sign-in HTTP/1.1\r\nHost: localhost:\(site.port)\r\n\(Self.form)Content-Length: 1000\r\n\r\n"
            let drops = [[UInt8]](repeating: [UInt8(ascii: "a")], count: 30)
            let reply = try await RawHTTP(port: site.port).exchange(
                [Array(head.utf8)] + drops,
                pause: .milliseconds(100)
            )
            #expect(reply.isClosed)
            #expect(!reply.text.contains("HTTP/1.1 2") && !reply.text.contains("HTTP/1.1 3"))
        }
    }

    @Test
    func `A head that never ends is cut off`() async throws {
        try await withSite(configuration: { $0.limits.idleTimeSeconds = 1 }) { site in
            let reply = try await RawHTTP(port: site.port).exchange("GET /sign-in HTTP/1.1\r\nHost: localhost\r\nX: ")
            #expect(reply.isClosed && reply.bytes.isEmpty)
        }
    }

    @Test
    func `Connections over the cap wait for one to end`() async throws {
        try await withSite(configuration: {
            $0.limits.connections = 2
            $0.limits.idleTimeSeconds = 1
        }) { site in
            // Ten at a time, of which eight wait in the backlog until the silent ones are closed.
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<10 {
                    group.addTask { try await RawHTTP(port: site.port).exchange("GET /sign-in").isClosed }
                }
                for try await isClosed in group { #expect(isClosed) }
            }
            #expect(try await Browser(site).get("/sign-in").status == 200)
        }
    }

    @Test
    func `What the database cannot answer becomes a page that says so and no more`() async throws {
        try await withSite(configuration: { $0.limits.answerTime = .milliseconds(300) }) { site in
            let browser = Browser(site)
            let page = try await browser.get("/sign-in")
            let token = try page.field("form_token")
            site.database.stop()
            let refused = try await browser.post(
                "/sign-in",
                [("form_token", token), ("identifier", "ada@example.com")]
            )
            #expect(refused.status == 503)
            #expect(refused["retry-after"] == "1")
            #expect(refused.body.contains("We are busy"))
            for word in ["SQL", "atabase", "socket", "ada@"] { #expect(!refused.body.contains(word)) }
        }
    }
}
