import Glibc

@testable import MariaDB

/// A scripted server that speaks the beginning of the protocol, sends something hostile, and records what it gets for it.
final class RogueServer: Sendable {
    private let socket: LoopbackSocket
    private let heard = Monitor<[UInt8]?>(nil)
    private let thread: PlatformThread

    /// Lets the client in and gives `answer` to its first command, or gives `authenticationAnswer` to its handshake.
    init(answer: [UInt8] = [], authenticationAnswer: [UInt8]? = nil) throws {
        let socket = try LoopbackSocket()
        self.socket = socket
        let heard = heard
        thread = try PlatformThread {
            let peer = socket.accept()
            peer.send(Self.packet(Self.greeting, 0))
            _ = peer.receive()
            peer.send(Self.packet(authenticationAnswer ?? Self.okay, 2))
            if authenticationAnswer == nil {
                _ = peer.receive()
                peer.send(Self.packet(answer, 1))
            }
            var bytes: [UInt8] = []
            while case let more = peer.receive(), !more.isEmpty { bytes += more }
            heard.withLock { $0 = bytes }
            heard.broadcast()
        }
    }

    /// What the client sent after the hostile answer, until it hung up.
    func bytesAfterAnswer() -> [UInt8] {
        heard.wait { $0 } ?? []
    }

    var configuration: DatabaseConfiguration {
        var configuration = DatabaseConfiguration(
            address: .hosts([.init(name: "127.0.0.1", port: socket.port)]),
            user: "root",
            database: "",
            transport: .disabled
        )
        configuration.readTimeout = .seconds(3)
        return configuration
    }

    private static let okay: [UInt8] = [0, 0, 0, 2, 0, 0, 0]

    // Protocol 10, a version, a thread id, a 20-byte scramble in two parts, capabilities without TLS, utf8mb4.
    private static var greeting: [UInt8] {
        [10] + Array("5.5.5-10.11.19-MariaDB\u{0}".utf8) + [1, 0, 0, 0] + Array("abcdefgh\u{0}".utf8)
            + [0xfe, 0xf7, 45, 2, 0, 0xff, 0x81, 21] + [UInt8](repeating: 0, count: 10)
            + Array("ijklmnopqrst\u{0}mysql_native_password\u{0}".utf8)
    }

    private static func packet(_ payload: [UInt8], _ sequence: UInt8) -> [UInt8] {
        [UInt8(payload.count & 0xff), UInt8(payload.count >> 8), 0, sequence] + payload
    }
}
