import Dispatch
import Glibc
import Synchronization

/// A mail server on the loopback interface that does what its script says.
///
/// One thread per connection.
final class ScriptedServer: Sendable {
    /// What happens at one point of the conversation.
    enum Action: Sendable {
        case reply(String)
        case drop
        /// Says nothing until the client goes.
        case hang
    }

    /// Everything seen so far, over all connections.
    struct Record: Sendable {
        var connections = 0
        var lines: [String] = []
        var messages: [[UInt8]] = []
    }

    let port: UInt16
    private let listener: Int32
    private let isListening: Bool
    private let script: [String: Action]
    private let record = Mutex(Record())

    /// Keys: CONNECT, the verbs, SECRET (the line after a 334), END (the message is complete).
    ///
    /// A server that does not listen only keeps its port from others.
    init(_ script: [String: Action] = [:], isListening: Bool = true) throws {
        let usual: [String: Action] = [
            "CONNECT": .reply("220 ready"), "EHLO": .reply("250-localhost\r\n250-SIZE\r\n250 SMTPUTF8"),
            "MAIL": .reply("250 ok"), "RCPT": .reply("250 ok"), "DATA": .reply("354 go on"), "END": .reply("250 taken"),
            "QUIT": .reply("221 bye"), "SECRET": .reply("235 welcome"),
        ]
        self.script = usual.merging(script) { $1 }
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, length) == 0 && (!isListening || listen(descriptor, 64) == 0)
                    && getsockname(descriptor, pointer, &length) == 0
            }
        }
        guard isBound else { throw ServerFailure() }
        port = UInt16(bigEndian: address.sin_port)
        self.isListening = isListening
        guard isListening else { return }
        let (script, owner) = (self.script, WeakServer(self))
        DispatchQueue(label: "scripted server").async { Self.acceptAll(descriptor, script, owner) }
    }

    deinit {
        // The accepting thread closes it: a number closed here could be another server's before that thread looks.
        if isListening { shutdown(listener, Int32(SHUT_RDWR)) } else { close(listener) }
    }

    var seen: Record { record.withLock { $0 } }

    func note(_ change: (inout Record) -> Void) { record.withLock { change(&$0) } }

    private static func acceptAll(_ listener: Int32, _ script: [String: Action], _ owner: WeakServer) {
        while true {
            let descriptor = accept(listener, nil, nil)
            if descriptor < 0 {
                close(listener)
                return
            }
            owner.server?.note { $0.connections += 1 }
            DispatchQueue(label: "scripted connection").async {
                var connection = ScriptedConnection(descriptor: descriptor, script: script, owner: owner)
                connection.run()
                close(descriptor)
            }
        }
    }
}

struct ServerFailure: Error {}

/// Lets the threads end when the test lets go of its server.
struct WeakServer: Sendable {
    weak let server: ScriptedServer?
    init(_ server: ScriptedServer) { self.server = server }
}
