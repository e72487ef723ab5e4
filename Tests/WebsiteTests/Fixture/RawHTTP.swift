import Foundation
import Glibc
import Synchronization

/// A client that sends exactly the bytes it is given.
struct RawHTTP: Sendable {
    let port: Int

    /// What the server sent until it closed, or until the time was up.
    struct Reply: Sendable {
        let bytes: [UInt8]
        /// The server ended the connection.
        let isClosed: Bool

        var text: String { String(decoding: bytes, as: UTF8.self) }
        var statusLine: String { String(text.prefix { $0 != "\r\n" }) }
        /// How many responses begin in it.
        var statusLines: Int { text.split(separator: "HTTP/1.1 ", omittingEmptySubsequences: false).count - 1 }
    }

    struct Failure: Error {
        let call: String
        let number: Int32
    }

    /// Connects, sends the pieces with pauses between, and reads.
    ///
    /// Runs on a thread of its own: the pool that the server answers on must not be blocked.
    func exchange(_ pieces: [[UInt8]], pause: Duration = .zero, wait: Duration = .seconds(20)) async throws -> Reply {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try self.exchangeBlocking(pieces, pause, wait) })
            }
        }
    }

    func exchange(_ text: String) async throws -> Reply { try await exchange([Array(text.utf8)]) }

    private func exchangeBlocking(_ pieces: [[UInt8]], _ pause: Duration, _ wait: Duration) throws -> Reply {
        let descriptor = try connected(wait)
        defer { close(descriptor) }
        for piece in pieces {
            // A server that has had enough may have closed; what it said before is what counts.
            guard send(descriptor, piece, piece.count, Int32(MSG_NOSIGNAL)) == piece.count else { break }
            let microseconds = pause.components.seconds * 1_000_000 + pause.components.attoseconds / 1_000_000_000_000
            if microseconds > 0 { usleep(useconds_t(microseconds)) }
        }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else {
                return Reply(bytes: bytes, isClosed: count == 0 || errno == ECONNRESET)
            }
            bytes += buffer[..<count]
        }
    }

    private func connected(_ wait: Duration) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(call: "socket", number: errno) }
        var limit = timeval(tv_sec: Int(wait.components.seconds), tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(truncatingIfNeeded: port)).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            let number = errno
            close(descriptor)
            throw Failure(call: "connect", number: number)
        }
        return descriptor
    }
}
