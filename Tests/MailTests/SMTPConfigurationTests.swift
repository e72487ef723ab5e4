import Mail
import Testing

@Suite struct SMTPConfigurationTests {
    @Test(arguments: [
        "mail.example.com", "10.0.0.1", "127.0.0.1.example.com", "127.1", "localhost.example", "::2", "127.0.0.999",
    ])
    func `no TLS is refused for any host but this one`(host: String) {
        let configuration = SMTPConfiguration(host: host, port: 25, security: .plaintextOnLoopback)
        #expect(throws: MailError.self) { try SMTPTransport(configuration) }
    }

    @Test(arguments: ["127.0.0.1", "127.9.8.7", "::1", "localhost"])
    func `no TLS is possible on this machine`(host: String) throws {
        _ = try SMTPTransport(SMTPConfiguration(host: host, port: 25, security: .plaintextOnLoopback))
    }

    @Test(arguments: [
        "", "a b", "a/b", "user@host", "host:25", "host\r\n", "host\u{0}", "[::1]", "-a", "a..b", "fe80::1%eth0",
        "é.example",
    ])
    func `a malformed host is refused`(host: String) {
        #expect(throws: MailError(.configuration, reason: "the SMTP host is malformed")) {
            try SMTPTransport(SMTPConfiguration(host: host, port: 587, security: .startTLS))
        }
    }

    @Test(
        arguments: [
            { @Sendable in $0.port = 0 }, { $0.clientName = "a/../b" }, { $0.connections = 0 }, { $0.connections = 17 },
            { $0.queueLimit = 0 }, { $0.totalTimeout = .zero }, { $0.connectTimeout = .seconds(-1) },
            { $0.credentials = .init(user: "a\u{0}b") { [] } }, { $0.credentials = .init(user: "") { [] } },
        ] as [@Sendable (inout SMTPConfiguration) -> Void]
    )
    func `a value out of range is refused`(spoil: @Sendable (inout SMTPConfiguration) -> Void) {
        var configuration = SMTPConfiguration(host: "mail.example.com", port: 587, security: .startTLS)
        spoil(&configuration)
        #expect(throws: MailError.self) { try SMTPTransport(configuration) }
    }
}
