import Cryptography
import Foundation
import NIOCore
import NIOSSL
import OutboundHTTP
import Synchronization
import Testing

struct OutboundTransportTests {
    private static let hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Kind: a\r\n\r\nhello"

    private func get(
        _ address: String,
        _ policy: OutboundPolicy,
        lookup: HostLookup = .system
    ) async throws -> OutboundResponse {
        let url = try #require(OutboundURL(address))
        return try await OutboundTransport(policy: policy, lookup: lookup).send(OutboundRequest(.get, url))
    }

    private func refusal(
        _ address: String,
        _ policy: OutboundPolicy = OutboundPolicy(),
        lookup: HostLookup = .system
    ) async throws -> OutboundError.Code? {
        do {
            _ = try await get(address, policy, lookup: lookup)
            return nil
        } catch let error as OutboundError {
            return error.code
        }
    }

    private func expect(
        _ code: OutboundError.Code?,
        _ address: String,
        _ policy: OutboundPolicy = OutboundPolicy(),
        lookup: HostLookup = .system,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let got = try await refusal(address, policy, lookup: lookup)
        #expect(got == code, sourceLocation: sourceLocation)
    }

    private func local(timeout: Duration = .seconds(5), bytes: Int = 1000) -> OutboundPolicy {
        OutboundPolicy(developmentHosts: ["127.0.0.1"], totalTimeout: timeout, maximumBodyBytes: bytes)
    }

    @Test
    func `a request brings status, headers and body`() async throws {
        try await CannedServer.with(Self.hello) { server in
            let response = try await get("http://127.0.0.1:\(server.port)/there?a=b", local())
            #expect(response.status == 200 && response.body == Array("hello".utf8))
            #expect(response.header("x-kind") == "a")
            #expect(server.requests.hasPrefix("GET /there?a=b HTTP/1.1\r\n"))
        }
    }

    @Test
    func `a form is posted with its headers`() async throws {
        try await CannedServer.with(Self.hello) { server in
            let url = try #require(OutboundURL("http://127.0.0.1:\(server.port)/token"))
            var request = OutboundRequest(.post, url, body: SecretBytes(utf8: "code=1"))
            request.add("Content-Type", "application/x-www-form-urlencoded")
            _ = try await OutboundTransport(policy: local()).send(request)
            #expect(server.requests.contains("Content-Type: application/x-www-form-urlencoded\r\n"))
            #expect(server.requests.hasSuffix("\r\n\r\ncode=1"))
        }
    }

    /// SECURITY OI-17.
    @Test(arguments: [
        "https://169.254.169.254/latest/meta-data", "https://[::ffff:127.0.0.1]/", "https://127.0.0.1/",
        "https://localhost/", "https://10.0.0.1/", "https://[::1]/", "https://0x7f.1/", "https://2130706433/",
    ])
    func `nothing is sent to this machine or a private network`(address: String) async throws {
        try await expect(.privateHost, address)
    }

    @Test
    func `without TLS nothing is sent, unless the host is named for development`() async throws {
        try await expect(.addressRefused, "http://example.com/")
        try await CannedServer.with(Self.hello) { server in
            let policy = OutboundPolicy(developmentHosts: ["127.0.0.1:1"])
            try await expect(.addressRefused, "http://127.0.0.1:\(server.port)/", policy)
            let exact = OutboundPolicy(developmentHosts: ["127.0.0.1:\(server.port)"])
            try await expect(nil, "http://127.0.0.1:\(server.port)/", exact)
        }
    }

    /// SECURITY OI-17: the address that was judged is the one that is used.
    @Test
    func `a name is looked up once, so that it cannot move behind our back`() async throws {
        let looks = Mutex(0)
        let moving = HostLookup { _, _ in
            let look = looks.withLock { count in
                count += 1
                return count
            }
            return IPAddress(look == 1 ? "127.0.0.1" : "127.0.0.9")
        }
        try await CannedServer.with(Self.hello) { server in
            let policy = OutboundPolicy(developmentHosts: ["moving.example"])
            let response = try await get("http://moving.example:\(server.port)/", policy, lookup: moving)
            #expect(response.status == 200 && looks.withLock { $0 } == 1)
            #expect(server.requests.contains("\(server.port)\r\n") && server.requests.contains("moving.example"))
        }
        try await expect(.privateHost, "https://moving.example/", lookup: moving)
    }

    @Test
    func `a redirect is not followed`() async throws {
        try await CannedServer.with(Self.hello) { target in
            let answer = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:\(target.port)/\r\nContent-Length: 0\r\n\r\n"
            try await CannedServer.with(answer) { server in
                try await expect(.redirected, "http://127.0.0.1:\(server.port)/", local())
            }
            #expect(target.requests.isEmpty)
        }
    }

    @Test
    func `an answer that is too large is refused, announced or not`() async throws {
        let body = String(repeating: "a", count: 2000)
        for head in ["Content-Length: 2000\r\n", "Connection: close\r\n", "Content-Length: 99999999999\r\n"] {
            try await CannedServer.with("HTTP/1.1 200 OK\r\n" + head + "\r\n" + body) { server in
                try await expect(.tooLarge, "http://127.0.0.1:\(server.port)/", local())
            }
        }
    }

    @Test
    func `an answer that drips is given up when the time is over`() async throws {
        try await CannedServer.with(Self.hello, every: .milliseconds(100)) { server in
            let policy = local(timeout: .seconds(1))
            try await expect(.tooSlow, "http://127.0.0.1:\(server.port)/", policy)
        }
    }

    @Test
    func `a look-up that does not end is given up, too`() async throws {
        let stuck = HostLookup { _, _ in
            try await Task.sleep(for: .seconds(60))
            return nil
        }
        let policy = OutboundPolicy(totalTimeout: .milliseconds(300))
        try await expect(.tooSlow, "https://stuck.example/", policy, lookup: stuck)
    }

    @Test
    func `nobody there, or no name, is told apart`() async throws {
        let nowhere = HostLookup { _, _ in nil }
        try await expect(.hostUnknown, "https://nowhere.example/", lookup: nowhere)
        let port = try await CannedServer.with(Self.hello) { $0.port }
        try await expect(.unreachable, "http://127.0.0.1:\(port)/", local())
    }

    @Test
    func `a certificate must be trusted, and of the host`() async throws {
        let certificate = try Certificate(names: ["right.example"])
        defer { certificate.remove() }
        let here = HostLookup { _, _ in IPAddress("127.0.0.1") }
        try await CannedServer.with(Self.hello, tls: certificate.context) { server in
            var policy = OutboundPolicy(developmentHosts: ["right.example", "wrong.example"])
            let (right, wrong) = ("https://right.example:\(server.port)/", "https://wrong.example:\(server.port)/")
            try await expect(.untrusted, right, policy, lookup: here)
            policy.certificateAuthorityFile = certificate.file
            try await expect(nil, right, policy, lookup: here)
            try await expect(.untrusted, wrong, policy, lookup: here)
        }
    }
}

/// A self-signed certificate in a file, and a server's end of TLS with it.
private struct Certificate {
    let file = "/tmp/gatehouse-outbound-\(UUID().uuidString).pem"
    let context: NIOSSLContext

    init(names: [String]) throws {
        let made = try SelfSignedCertificate.make(
            commonName: "Test",
            dnsNames: names,
            ipAddresses: [],
            validForDays: 1,
            now: Int64(Date().timeIntervalSince1970),
            random: SystemRandom()
        )
        try made.certificatePEM.write(toFile: file, atomically: true, encoding: .utf8)
        let key = try NIOSSLPrivateKey(bytes: made.privateKeyPEM.withBytes { Array($0) }, format: .pem)
        let chain = try NIOSSLCertificate.fromPEMBytes(Array(made.certificatePEM.utf8))
        context = try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) },
                privateKey: .privateKey(key)
            )
        )
    }

    func remove() { try? FileManager.default.removeItem(atPath: file) }
}
