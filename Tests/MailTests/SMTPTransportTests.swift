import Mail
import Synchronization
import Testing

@Suite struct SMTPTransportTests {
    typealias Action = ScriptedServer.Action

    private func configuration(_ server: ScriptedServer, seconds: Double = 20) -> SMTPConfiguration {
        var configuration = SMTPConfiguration(host: "127.0.0.1", port: server.port, security: .plaintextOnLoopback)
        configuration.connections = 1
        configuration.connectTimeout = .seconds(seconds)
        configuration.totalTimeout = .seconds(seconds)
        return configuration
    }

    private func failure(_ script: [String: Action], seconds: Double = 20) async throws -> MailError? {
        let server = try ScriptedServer(script)
        return await failure(configuration(server, seconds: seconds), try sampleMessage())
    }

    private func failure(_ configuration: SMTPConfiguration, _ message: MailMessage) async -> MailError? {
        do throws(MailError) {
            try await SMTPTransport(configuration).send(message)
            return nil
        } catch {
            return error
        }
    }

    @Test func `the server gets the envelope and exactly the bytes of the message`() async throws {
        let server = try ScriptedServer()
        let message = try sampleMessage(
            text: ".\n..\n.hidden\n\r\n.\r\nQUIT\r\n" + String(repeating: "x", count: 100_000)
        )
        try await SMTPTransport(configuration(server)).send(message)
        let seen = server.seen
        #expect(seen.messages == [try message.rfc5322()])
        #expect(seen.lines.contains { $0.hasPrefix("MAIL FROM:<noreply@gatehouse.example>") })
        #expect(seen.lines.contains("RCPT TO:<user@example.com>"))
    }

    @Test(arguments: ["MAIL", "RCPT", "DATA", "END"], [421, 450, 451, 452])
    func `a passing refusal is temporary`(point: String, status: Int) async throws {
        let error = try await failure([point: .reply("\(status) later <user@example.com>")])
        #expect(error?.code == .temporary)
        #expect(error?.smtpStatus == status)
    }

    @Test(arguments: ["MAIL", "RCPT", "DATA", "END"], [550, 552, 554])
    func `a final refusal of the message is permanent`(point: String, status: Int) async throws {
        let error = try await failure([point: .reply("\(status) no <user@example.com>")])
        #expect(error?.code == .permanent)
        #expect(error?.smtpStatus == status)
        #expect(error?.description.contains("user@example.com") == false)
    }

    @Test(arguments: [("CONNECT", 554), ("MAIL", 530)])
    func `a final refusal of ourselves is the operator's matter`(point: String, status: Int) async throws {
        let error = try await failure([point: .reply("\(status) go away")])
        #expect(error?.code == .configuration)
        #expect(error?.smtpStatus == status)
    }

    @Test(arguments: ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "END"])
    func `a dropped connection is temporary`(point: String) async throws {
        #expect(try await failure([point: .drop])?.code == .temporary)
    }

    @Test(arguments: ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "END"])
    func `a silent server is temporary once time is up`(point: String) async throws {
        #expect(try await failure([point: .hang], seconds: 0.3)?.code == .temporary)
    }

    @Test(arguments: ["hello", "", "999 what", "\u{0}\u{0}\u{0}", String(repeating: "2", count: 50_000)])
    func `a server that speaks something else gets nothing`(greeting: String) async throws {
        let server = try ScriptedServer(["CONNECT": .reply(greeting)])
        let error = await failure(configuration(server, seconds: 0.5), try sampleMessage())
        #expect(error != nil)
        #expect(server.seen.messages.isEmpty)
    }

    @Test func `nobody listening is temporary`() async throws {
        let server = try ScriptedServer(isListening: false)
        #expect(await failure(configuration(server), try sampleMessage())?.code == .temporary)
        #expect(server.seen.connections == 0)
    }

    @Test func `without STARTTLS on offer nothing is sent`() async throws {
        let server = try ScriptedServer()
        var configuration = configuration(server)
        configuration.security = .startTLS
        configuration.credentials = .init(user: "mailer") { Array("secret".utf8) }
        #expect(await failure(configuration, try sampleMessage())?.code == .configuration)
        #expect(server.seen.lines.allSatisfy { $0.hasPrefix("EHLO") || $0 == "QUIT" })
    }

    @Test func `a server that only pretends to begin TLS gets nothing`() async throws {
        let server = try ScriptedServer([
            "EHLO": .reply("250 STARTTLS"), "STARTTLS": .reply("220 go\r\n250 AUTH PLAIN"),
        ])
        var configuration = configuration(server, seconds: 1)
        configuration.security = .startTLS
        configuration.credentials = .init(user: "mailer") { Array("secret".utf8) }
        #expect(await failure(configuration, try sampleMessage()) != nil)
        #expect(!server.seen.lines.contains { $0.hasPrefix("AUTH") || $0.hasPrefix("MAIL") })
    }

    @Test func `the user name and password are given when asked for`() async throws {
        let server = try ScriptedServer(["EHLO": .reply("250 AUTH PLAIN"), "AUTH": .reply("334 ")])
        var configuration = configuration(server)
        configuration.credentials = .init(user: "mailer") { Array("secrèt".utf8) }
        try await SMTPTransport(configuration).send(try sampleMessage())
        let secret = server.seen.lines.first {
            MIMEReader.base64(Array($0.utf8)) == Array("\u{0}mailer\u{0}secrèt".utf8)
        }
        #expect(secret != nil)
    }

    @Test(arguments: [("535 5.7.8 wrong", MailError.Code.configuration), ("454 4.7.0 later", .temporary)])
    func `a refused password is told apart from a passing failure`(reply: String, code: MailError.Code) async throws {
        let server = try ScriptedServer([
            "EHLO": .reply("250 AUTH PLAIN"), "AUTH": .reply("334 "), "SECRET": .reply(reply),
        ])
        var configuration = configuration(server)
        configuration.credentials = .init(user: "mailer") { Array("wrong".utf8) }
        #expect(await failure(configuration, try sampleMessage())?.code == code)
        #expect(server.seen.messages.isEmpty)
    }

    @Test func `a password with a zero byte is refused before anything is sent`() async throws {
        let server = try ScriptedServer()
        var configuration = configuration(server)
        configuration.credentials = .init(user: "mailer") { [1, 0, 2] }
        #expect(await failure(configuration, try sampleMessage())?.code == .configuration)
        #expect(server.seen.connections == 0)
    }

    @Test func `a second message goes over the same connection`() async throws {
        let server = try ScriptedServer()
        let transport = try SMTPTransport(configuration(server))
        for _ in 0..<3 { try await transport.send(try sampleMessage()) }
        #expect(server.seen.connections == 1)
        #expect(server.seen.messages.count == 3)
    }

    @Test func `a refusal does not spoil the next message`() async throws {
        let refusing = try ScriptedServer(["RCPT": .reply("550 no")])
        let transport = try SMTPTransport(configuration(refusing))
        for _ in 0..<3 {
            await #expect(throws: MailError.self) { try await transport.send(try sampleMessage()) }
        }
        #expect(refusing.seen.lines.count { $0.hasPrefix("RCPT") } == 3)
        #expect(refusing.seen.messages.isEmpty)
    }

    @Test func `many messages at once all arrive, each once`() async throws {
        let server = try ScriptedServer()
        var configuration = configuration(server)
        configuration.connections = 3
        let transport = try SMTPTransport(configuration)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<60 {
                let message = try sampleMessage(messageID: "<\(number)@gatehouse.example>")
                group.addTask { try await transport.send(message) }
            }
            try await group.waitForAll()
        }
        let ids = server.seen.messages.map { MIMEReader($0).value("Message-ID") }
        #expect(ids.count == 60)
        #expect(Set(ids).count == 60)
        #expect(server.seen.connections <= 3)
    }

    @Test func `a local part beyond ASCII needs a server that offers it`() async throws {
        let knowing = try ScriptedServer()
        let message = try sampleMessage(to: "jörg@bücher.example")
        let transport = try SMTPTransport(configuration(knowing))
        try await transport.send(message)
        try await transport.send(message)
        #expect(knowing.seen.connections == 1)
        #expect(knowing.seen.messages.count == 2)
        #expect(knowing.seen.lines.contains { $0.hasPrefix("MAIL FROM:") && $0.contains("SMTPUTF8") })
        #expect(knowing.seen.lines.contains("RCPT TO:<jörg@xn--bcher-kva.example>"))

        let ignorant = try ScriptedServer(["EHLO": .reply("250 localhost")])
        let error = await failure(configuration(ignorant), message)
        #expect(error == MailError(.permanent, reason: "the mail server takes no addresses beyond ASCII"))
        #expect(ignorant.seen.messages.isEmpty)
    }

    @Test func `a cancelled send returns though the server is silent`() async throws {
        let server = try ScriptedServer(["MAIL": .hang])
        let transport = try SMTPTransport(configuration(server, seconds: 600))
        let message = try sampleMessage()
        await withTaskGroup(of: MailError?.self) { group in
            group.addTask {
                do throws(MailError) {
                    try await transport.send(message)
                    return nil
                } catch {
                    return error
                }
            }
            while !server.seen.lines.contains(where: { $0.hasPrefix("MAIL") }) { await Task.yield() }
            group.cancelAll()
            for await error in group { #expect(error == MailError(.temporary, reason: "the sender gave up")) }
        }
    }

    @Test func `more messages than may wait are refused, not kept`() async throws {
        let server = try ScriptedServer(["MAIL": .hang])
        var configuration = configuration(server, seconds: 1)
        configuration.queueLimit = 2
        let transport = try SMTPTransport(configuration)
        let message = try sampleMessage()
        let refused = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<10 {
                group.addTask {
                    do throws(MailError) {
                        try await transport.send(message)
                        return false
                    } catch {
                        return error == MailError(.temporary, reason: "too many messages are waiting")
                    }
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect((7...8).contains(refused))
    }

    @Test func `an invalid message does not reach the server`() async throws {
        let server = try ScriptedServer()
        let error = await failure(configuration(server), try sampleMessage(messageID: "none"))
        #expect(error?.code == .invalidMessage)
        #expect(server.seen.connections == 0)
    }
}
