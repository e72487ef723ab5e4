import Foundation
import Testing

@testable import MariaDB

struct PrivateServerTests {
    private func start(_ directory: String) throws -> PrivateServer {
        try PrivateServer.start(dataDirectory: directory, options: .forTests, logger: .quiet)
    }

    private func serverUser() throws -> ChildProcess.User? {
        guard getuid() == 0 else { return nil }
        let entry = try #require(getpwnam("mysql")).pointee
        return ChildProcess.User(name: "mysql", userID: entry.pw_uid, groupID: entry.pw_gid)
    }

    /// A server that no supervisor looks after.
    private func startProcess(in place: ServerDirectory, as user: ChildProcess.User?) throws -> ChildProcess {
        let options = PrivateServer.Options.forTests
        return try ChildProcess(
            path: options.serverPath,
            arguments: options.arguments(place),
            as: user,
            outputFile: place.log
        )
    }

    @Test func `what was stored is there after a stop and a second start`() throws {
        let directory = try TemporaryDirectory.make()
        let first = try start(directory)
        try Connection.openAny(first.configuration).execute(text: Items.table)
        first.stop()
        #expect(first.processID == nil)
        let second = try start(directory)
        defer { second.stop() }
        try Connection.openAny(second.configuration).execute(text: "INSERT INTO items VALUES (1, 'one')")
    }

    @Test func `a copy of the lock's descriptor in a process that is starting keeps nobody off`() throws {
        let directory = try ServerDirectory(creating: TemporaryDirectory.make())
        let lock = try DirectoryLock(directory)
        let copy = dup(lock.descriptor)
        defer { close(copy) }
        _ = consume lock
        _ = try DirectoryLock(directory)
    }

    @Test func `a second instance on a directory is refused with one sentence`() async throws {
        let directory = try TemporaryDirectory.make()
        let first = try start(directory)
        defer { first.stop() }
        let error = await databaseError { try start(directory) }
        #expect(error?.code == .configuration)
        #expect(error?.message == "another instance is running on the data directory \(directory)")
        #expect(first.processID != nil)
    }

    @Test func `the server of a killed instance is stopped before another starts`() throws {
        let directory = try TemporaryDirectory.make()
        let first = try start(directory)
        first.stop()
        let place = try ServerDirectory(creating: directory)
        let orphan = Monitor<ChildProcess?>(nil)
        let user = try serverUser()
        let thread = try PlatformThread {
            let child = try? startProcess(in: place, as: user)
            orphan.withLock { $0 = child }
            orphan.broadcast()
            child?.waitForEnd()
            _ = child?.reap()
            orphan.withLock { $0 = nil }
        }
        let process = orphan.wait { $0?.processID }
        // Until it answers it may still be our own image, between fork and exec.
        let limit = Deadline.after(.seconds(600))
        while !limit.hasPassed, !isAnswering(place, first) { usleep(10_000) }
        let server = try start(directory)
        defer { server.stop() }
        thread.join()
        #expect(process != nil && server.processID != process)
        #expect(orphan.withLock { $0 == nil })
    }

    @Test func `the server ends cleanly when the thread that started it ends, as it does with a killed process`() throws
    {
        let directory = try TemporaryDirectory.make()
        let first = try start(directory)
        first.stop()
        let place = try ServerDirectory(creating: directory)
        let user = try serverUser()
        let started = Monitor<ChildProcess?>(nil)
        let thread = try PlatformThread {
            let child = try? startProcess(in: place, as: user)
            started.withLock { $0 = child }
            let limit = Deadline.after(.seconds(600))
            while !limit.hasPassed, !isAnswering(place, first) { usleep(10_000) }
        }
        thread.join()
        let child = try #require(started.withLock { $0 })
        child.waitForEnd()
        #expect(child.reap() == 0)
    }

    private func isAnswering(_ place: ServerDirectory, _ server: PrivateServer) -> Bool {
        (try? Connection.open(.unix(place.socket), server.configuration(database: ""))) != nil
    }

    @Test func `what an interrupted first start left behind is no obstacle`() throws {
        let directory = try TemporaryDirectory.make()
        try FileManager.default.createDirectory(
            atPath: directory + "/data.new/mysql",
            withIntermediateDirectories: true
        )
        try start(directory).stop()
    }

    @Test func `the directory is closed to others and the server is not root`() throws {
        let directory = try TemporaryDirectory.make()
        let server = try start(directory)
        defer { server.stop() }
        let attributes = try FileManager.default.attributesOfItem(atPath: directory)
        #expect(attributes[.posixPermissions] as? Int == 0o700)
        let process = try #require(server.processID)
        let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        #expect(!status.contains("Uid:\t0"))
    }

    @Test func `a path too long for a socket is refused with a sentence`() async throws {
        let directory = try TemporaryDirectory.make() + "/" + String(repeating: "d", count: 100)
        await expectError(.configuration) { try start(directory) }
    }

    @Test func `a directory the server may not enter is refused with a sentence`() async throws {
        guard getuid() == 0 else { return }
        let parent = try TemporaryDirectory.make()
        chmod(parent, 0o700)
        let error = await databaseError { try start(parent + "/db") }
        #expect(error?.code == .configuration)
        #expect(error?.message.contains("may not enter \(parent)") == true)
    }
}
