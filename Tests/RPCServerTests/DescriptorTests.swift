import Glibc
import MariaDB
import NIOCore
import NIOPosix
import RPCServer
import Testing
import Wire

/// SECURITY RPC-13: running out of file descriptors, in a process of its own.
@Suite(.timeLimit(.minutes(2)))
struct DescriptorTests {
    @Test func `a server without descriptors goes on when it has some again`() async {
        await #expect(processExitsWith: .success) {
            // No database answers; health can still be asked for.
            let nowhere = DatabaseConfiguration(
                address: .unixSocket(path: "/nonexistent"),
                user: "nobody",
                database: "none",
                transport: .disabled
            )
            let world = try RPCWorld(without: nowhere)
            try await withServer(of: world, { $0.firstFrame = .seconds(60) }) { server in
                let health = CallFrame.to("gatehouse.v1.ServerService/CheckHealth")
                let early = try await server.connect()
                guard await early.call(health) != nil else { exit(2) }
                let taken = try Descriptors.takeAll()
                // The client's half of the connection was made before; the server cannot accept it now.
                let waiting = Descriptors.connect(to: server.port, with: taken[0])
                guard waiting, await early.call(.to(health.method, id: 2)) != nil else { exit(3) }
                try await Task.sleep(for: .milliseconds(300))
                for descriptor in taken.dropFirst() { close(descriptor) }
                let late = try await server.connect()
                guard await late.call(health) != nil else { exit(4) }
            }
        }
    }
}

/// Takes what file descriptors there are.
enum Descriptors {
    /// Lowers the limit and opens sockets until there is none left; at least two.
    static func takeAll() throws -> [Int32] {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = 256
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        var taken: [Int32] = []
        while true {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            guard descriptor >= 0 else { return taken }
            taken.append(descriptor)
        }
    }

    static func connect(to port: Int, with descriptor: Int32) -> Bool {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
