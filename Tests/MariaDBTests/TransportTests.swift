import Testing

@testable import MariaDB

@Suite(.serialized)
struct TransportTests {
    @Test(arguments: TLSServer.Kind.allCases)
    func `only the right server with the right certificate is spoken to`(kind: TLSServer.Kind) async throws {
        let server = try TLSServer(kind)
        defer { server.stop() }
        if kind == .right {
            let connection = try Connection.openAny(server.configuration)
            var cipher: String?
            try connection.query(Cipher(), file: #fileID, line: #line) { found in
                cipher = found
                return true
            }
            #expect(cipher?.isEmpty == false)
        } else {
            await expectError(.tls) { try Connection.openAny(server.configuration) }
        }
    }

    private struct Cipher: Statement {
        static let sql: SQL = """
            SELECT VARIABLE_VALUE FROM information_schema.SESSION_STATUS WHERE VARIABLE_NAME = 'SSL_CIPHER'
            """
        static func row(from columns: inout Columns) throws(DatabaseError) -> String { try columns.next() }
    }

    @Test(arguments: ["db.example.com", "10.0.0.1", "127.0.0.1.example.com", "127.1", "0177.0.0.1"])
    func `a database on a network is refused without TLS`(host: String) async {
        var configuration = DatabaseConfiguration(
            address: .hosts([.init(name: host)]),
            user: "u",
            database: "d",
            transport: .disabled
        )
        await expectError(.configuration) { try configuration.validate() }
        configuration.transport = .verified(caFile: "/ca.pem")
        #expect(throws: Never.self) { try configuration.validate() }
    }

    @Test func `a missing CA file is an error, not a connection without checks`() async throws {
        var configuration = try TestServer.makeSchema()
        configuration.transport = .verified(caFile: "/nonexistent/ca.pem")
        let error = await databaseError { try Connection.openAny(configuration) }
        #expect(error != nil)
    }

    @Test func `a rogue server that asks for a local file gets none`() async throws {
        let rogue = try RogueServer(answer: [0xfb] + Array("/etc/passwd".utf8))
        let error = await databaseError { try Connection.openAny(rogue.configuration) }
        #expect(error != nil)
        #expect(error?.code != .internal, "\(error.debugDescription)")
        let sent = rogue.bytesAfterAnswer()
        #expect(!sent.contains(Array("root:".utf8)), "the file was sent")
    }

    @Test func `a rogue server that asks for the password in the clear gets none`() async throws {
        // AuthSwitchRequest to mysql_clear_password, in answer to the handshake response.
        let rogue = try RogueServer(authenticationAnswer: [0xfe] + Array("mysql_clear_password\u{0}\u{0}".utf8))
        var configuration = rogue.configuration
        configuration.password = { Array("very secret".utf8) }
        let error = await databaseError { try Connection.openAny(configuration) }
        #expect(error != nil)
        #expect(!rogue.bytesAfterAnswer().contains(Array("very secret".utf8)))
    }
}
