import Glibc

@testable import MariaDB

/// Stands between client and server and hangs up on both when the client first sends a certain text.
final class CuttingProxy: Sendable {
    let port: UInt16
    private let thread: PlatformThread

    init(socketPath: String, cutAt text: String) throws {
        let listener = try LoopbackSocket()
        port = listener.port
        let pattern = Array(text.utf8)
        thread = try PlatformThread {
            var hasCut = false
            // Each client has a thread, so that several lanes can be connected.
            while true {
                let client = listener.accept()
                guard let server = try? LoopbackSocket.Peer(connectingTo: socketPath) else { continue }
                if Self.relay(client, server, until: hasCut ? nil : pattern) { hasCut = true }
            }
        }
    }

    /// Passes bytes on until one side hangs up; true when the pattern came and nothing after it was passed on.
    private static func relay(
        _ client: LoopbackSocket.Peer,
        _ server: LoopbackSocket.Peer,
        until pattern: [UInt8]?
    ) -> Bool {
        var polls = [client, server].map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        while poll(&polls, 2, -1) > 0 {
            if polls[0].revents != 0 {
                let bytes = client.receive()
                if bytes.isEmpty { return false }
                if let pattern, bytes.contains(pattern) { return true }
                server.send(bytes)
            }
            if polls[1].revents != 0 {
                let bytes = server.receive()
                if bytes.isEmpty { return false }
                client.send(bytes)
            }
        }
        return false
    }

    /// How to connect through the proxy, and after it to `others`.
    func configuration(like configuration: DatabaseConfiguration, before: [UInt16] = []) -> DatabaseConfiguration {
        var changed = configuration
        changed.address = .hosts((before + [port]).map { .init(name: "127.0.0.1", port: $0) })
        changed.lanes = 1
        return changed
    }
}

extension LoopbackSocket.Peer {
    convenience init(connectingTo path: String) throws {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        self.init(descriptor: descriptor)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        guard isConnected else { throw DatabaseError(.internal, "no connection to \(path)") }
    }
}
