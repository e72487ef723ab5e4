import NIOSSL
import RPCClient
import RPCServer
import Testing
import Wire

/// SECURITY RPC-01 and RPC-02.
@Suite(.timeLimit(.minutes(10)))
struct TLSTests {
    private static let health = "gatehouse.v1.ServerService/CheckHealth"
    private static let list = "gatehouse.v1.UserService/ListUsers"

    private func listener(
        _ certificates: TestCertificates,
        asksClients: Bool = false,
        requires: Bool = false
    ) -> RPCServerConfiguration.Listener {
        let tls = RPCServerConfiguration.TLS(
            certificateChainFile: certificates.path("server.pem"),
            privateKeyFile: certificates.path("server.key"),
            clientAuthorityFile: asksClients ? certificates.path("ca.pem") : nil,
            requiresClientCertificate: requires
        )
        return .tls(host: "127.0.0.1", port: 0, tls)
    }

    @Test func `TLS 1_3 with our protocol name is served, by address and by name`() async throws {
        let certificates = try TestCertificates()
        try await withServer(listener: listener(certificates)) { server in
            let connection = try await server.connect(try certificates.client())
            #expect(await connection.call(.to(Self.health))?.status == nil)
            for host in ["127.0.0.1", "localhost"] {
                let endpoint = ClientConfiguration.Endpoint.tls(
                    host: host,
                    port: server.port,
                    authorityFile: certificates.path("ca.pem")
                )
                let client = try GatehouseClient(ClientConfiguration(endpoint: endpoint))
                defer { client.close() }
                #expect(try await ServerServiceClient(client).checkHealth(CheckHealthRequest()).status == .serving)
            }
        }
    }

    @Test func `TLS 1_2, another protocol name and none are refused`() async throws {
        let certificates = try TestCertificates()
        try await withServer(listener: listener(certificates)) { server in
            for context in [
                try certificates.client(maximum: .tlsv12), try certificates.client(protocols: ["h2"]),
                try certificates.client(protocols: []),
                try certificates.client(protocols: ["gatehouse/2", "GATEHOUSE/1"]),
            ] {
                let connection = try await server.connect(context)
                connection.push(Frame.call(.to(Self.health)).encodedWithLength())
                #expect(await connection.untilClosed().isEmpty)
            }
            #expect(await (try server.connect(try certificates.client())).call(.to(Self.health)) != nil)
        }
    }

    @Test func `plaintext to the TLS port is closed without an answer`() async throws {
        let certificates = try TestCertificates()
        try await withServer(listener: listener(certificates)) { server in
            for bytes in [Array("GET / HTTP/1.1\r\n\r\n".utf8), Frame.call(.to(Self.health)).encodedWithLength()] {
                let connection = try await server.connect()
                await connection.write(bytes)
                #expect(await connection.untilClosed().isEmpty)
            }
        }
    }

    @Test func `a handshake that stops half way is cut off in time`() async throws {
        let certificates = try TestCertificates()
        try await withServer(listener: listener(certificates)) {
            $0.firstFrame = .milliseconds(200)
        } _: { server in
            let silent = try await server.connect()
            let half = try await server.connect()
            // The head of a ClientHello record that never ends.
            await half.write([0x16, 0x03, 0x01, 0x02, 0x00, 0x01])
            #expect(await silent.untilClosed().isEmpty)
            #expect(await half.untilClosed().isEmpty)
        }
    }

    @Test func `a client certificate stands for the account of its alternative names, and nothing else does`()
        async throws
    {
        let certificates = try TestCertificates()
        try certificates.issue("good", by: "ca", names: "URI:spiffe://example/service,DNS:Service.example")
        try certificates.issue("self", by: nil, names: "DNS:service.example")
        try certificates.issue("foreign", by: "other", names: "DNS:service.example")
        try certificates.issue("serverOnly", by: "ca", names: "DNS:service.example", usage: "serverAuth")
        try certificates.issue("expired", by: "ca", names: "DNS:service.example", isExpired: true)
        try certificates.issue("commonName", by: "ca", names: nil)
        try certificates.issue("stranger", by: "ca", names: "DNS:stranger.example")
        try certificates.issue("wildcard", by: "ca", names: "DNS:*.example")
        try await withServer(listener: listener(certificates, asksClients: true)) { server in
            _ = try await server.world.makeCaller(["users.read"], certificateNames: ["service.example"])
            func list(_ certificate: String?) async throws -> ReplyFrame? {
                let connection = try await server.connect(try certificates.client(certificate: certificate))
                connection.push(Frame.call(.to(Self.list)).encodedWithLength())
                defer { connection.close() }
                return await connection.reply()
            }
            #expect(try await list("good")?.status == nil)
            #expect(try await list("good") != nil)
            for known in [nil, "commonName", "stranger", "wildcard"] {
                #expect(try await list(known)?.status?.code == 16, "\(known ?? "none")")
            }
            for refused in ["self", "foreign", "serverOnly", "expired"] {
                #expect(try await list(refused) == nil, "\(refused)")
            }
        }
    }

    @Test func `a server that requires certificates turns others away in the handshake`() async throws {
        let certificates = try TestCertificates()
        try certificates.issue("good", by: "ca", names: "DNS:service.example")
        try await withServer(listener: listener(certificates, asksClients: true, requires: true)) { server in
            let without = try await server.connect(try certificates.client())
            without.push(Frame.call(.to(Self.health)).encodedWithLength())
            #expect(await without.untilClosed().isEmpty)
            let with = try await server.connect(try certificates.client(certificate: "good"))
            #expect(await with.call(.to(Self.health))?.status == nil)
        }
    }

    @Test func `a client does not speak to a server whose certificate it cannot check`() async throws {
        let certificates = try TestCertificates()
        try await withServer(listener: listener(certificates)) { server in
            let endpoint = ClientConfiguration.Endpoint.tls(
                host: "localhost",
                port: server.port,
                authorityFile: certificates.path("other.pem")
            )
            let client = try GatehouseClient(ClientConfiguration(endpoint: endpoint))
            defer { client.close() }
            await expectError(.unavailable) {
                _ = try await ServerServiceClient(client).checkHealth(CheckHealthRequest())
            }
        }
    }

    @Test(arguments: ["127.example.com", "127.0.0.1.example.com", "127.1", "127.0.0.256", "localhost.example.com", ""])
    func `a host name that looks like a loopback address is not called without TLS`(host: String) {
        #expect(throws: RPCError.self) {
            try GatehouseClient(ClientConfiguration(endpoint: .plaintext(host: host, port: 1)))
        }
    }

    @Test(arguments: ["127.0.0.1", "127.255.0.9", "::1", "localhost"])
    func `a loopback address may be called without TLS`(host: String) throws {
        try GatehouseClient(ClientConfiguration(endpoint: .plaintext(host: host, port: 1))).close()
    }

    @Test(arguments: ["0.0.0.0", "192.0.2.1", "::"])
    func `plaintext beyond this machine is a configuration error`(host: String) async throws {
        let world = try await RPCWorld(lanes: 1)
        await #expect(throws: RPCServerError.self) {
            try await withServer(of: world, listener: .plaintext(host: host, port: 0)) { _ in }
        }
        #expect(throws: RPCError.self) {
            try GatehouseClient(ClientConfiguration(endpoint: .plaintext(host: host, port: 1)))
        }
    }
}
