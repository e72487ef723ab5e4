import Glibc
import Mail
import Testing

@Suite struct DevelopmentMailboxTests {
    private func withDirectory(_ body: (String) async throws -> Void) async throws {
        var template = Array("/tmp/gatehouse-mail-XXXXXX".utf8CString)
        let base = try #require(mkdtemp(&template).map { String(cString: $0) })
        defer {
            for name in names(in: base + "/box") { unlink("\(base)/box/\(name)") }
            rmdir(base + "/box")
            rmdir(base)
        }
        try await body(base + "/box")
    }

    private func names(in path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    private func contents(_ path: String) throws -> [UInt8] {
        let file = try #require(fopen(path, "r"))
        defer { fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        return Array(buffer[..<fread(&buffer, 1, buffer.count, file)])
    }

    private func mode(_ path: String) -> mode_t {
        var information = stat()
        stat(path, &information)
        return information.st_mode & 0o7777
    }

    @Test func `a message becomes one private file and one line`() async throws {
        try await withDirectory { path in
            let box = try DevelopmentMailbox(directory: path, clock: { 1_795_428_900_123_456 }, random: { 0xBEEF })
            let message = try sampleMessage(subject: "Two\r\nlines\tand \u{1B}[1m more")
            try await box.send(message)
            let name = "20261123T101500.123456Z-0000beef.eml"
            #expect(names(in: path) == [name, "mailbox.log"])
            #expect(try contents("\(path)/\(name)") == message.rfc5322())
            let line = "20261123T101500.123456Z\tuser@example.com\tTwo  lines and  [1m more\t\(name)\n"
            #expect(try contents("\(path)/mailbox.log") == Array(line.utf8))
            #expect([mode(path), mode("\(path)/\(name)"), mode("\(path)/mailbox.log")] == [0o700, 0o600, 0o600])
        }
    }

    @Test func `many messages at once are each there`() async throws {
        try await withDirectory { path in
            let box = try DevelopmentMailbox(directory: path)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<50 { group.addTask { try await box.send(try sampleMessage()) } }
                try await group.waitForAll()
            }
            #expect(names(in: path).count == 51)
            #expect(try contents("\(path)/mailbox.log").count { $0 == 0x0A } == 50)
        }
    }

    @Test func `a full disk is temporary and leaves nothing behind`() async throws {
        try await withDirectory { path in
            let box = try DevelopmentMailbox(directory: path)
            // Every write to this device fails as on a full disk.
            #expect(symlink("/dev/full", path + "/mailbox.log") == 0)
            await #expect(throws: MailError(.temporary, reason: "the mailbox cannot be written")) {
                try await box.send(try sampleMessage())
            }
            #expect(names(in: path) == ["mailbox.log"])
        }
    }

    @Test func `a name that is taken loses neither message nor log`() async throws {
        try await withDirectory { path in
            let box = try DevelopmentMailbox(directory: path, clock: { 1_000_000 }, random: { 1 })
            // The rename fails because a directory has the name.
            let name = "19700101T000001.000000Z-00000001.eml"
            #expect(mkdir("\(path)/\(name)", 0o700) == 0)
            defer { rmdir("\(path)/\(name)") }
            await #expect(throws: MailError.self) { try await box.send(try sampleMessage()) }
            #expect(names(in: path) == [name, "mailbox.log"])
            #expect(try contents("\(path)/mailbox.log").isEmpty)
        }
    }

    @Test func `a vanished directory is temporary`() async throws {
        try await withDirectory { path in
            let box = try DevelopmentMailbox(directory: path)
            rmdir(path)
            await #expect(throws: MailError(.temporary, reason: "the mailbox cannot be written")) {
                try await box.send(try sampleMessage())
            }
        }
    }

    @Test func `a directory that others can read is refused`() async throws {
        try await withDirectory { path in
            #expect(mkdir(path, 0o700) == 0)
            chmod(path, 0o750)
            #expect(throws: MailError.self) { try DevelopmentMailbox(directory: path) }
        }
    }

    @Test func `a link in place of the directory is refused`() async throws {
        try await withDirectory { path in
            #expect(symlink("/tmp", path) == 0)
            defer { unlink(path) }
            #expect(throws: MailError(.configuration, reason: "the mailbox is not a directory")) {
                try DevelopmentMailbox(directory: path)
            }
        }
    }
}
