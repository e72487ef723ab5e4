import Glibc

/// One conversation of a `ScriptedServer`.
struct ScriptedConnection {
    let descriptor: Int32
    let script: [String: ScriptedServer.Action]
    let owner: WeakServer
    private var received: [UInt8] = []

    init(descriptor: Int32, script: [String: ScriptedServer.Action], owner: WeakServer) {
        self.descriptor = descriptor
        self.script = script
        self.owner = owner
    }

    mutating func run() {
        guard perform("CONNECT") else { return }
        var expectsSecret = false
        while let line = read(until: [0x0D, 0x0A]) {
            let text = String(decoding: line, as: UTF8.self)
            owner.server?.note { $0.lines.append(text) }
            let verb = expectsSecret ? "SECRET" : String(text.prefix { $0 != " " })
            expectsSecret = verb == "AUTH" && !expectsSecret
            guard perform(verb) else { return }
            if verb == "DATA", !readMessage() { return }
        }
    }

    private mutating func readMessage() -> Bool {
        guard case .reply(let reply) = script["DATA"], reply.hasPrefix("354") else { return true }
        guard let stuffed = read(until: Array("\r\n.\r\n".utf8)) else { return false }
        owner.server?.note { $0.messages.append(stuffed + [0x0D, 0x0A]) }
        return perform("END")
    }

    /// Does what the script says; false ends the conversation.
    private mutating func perform(_ point: String) -> Bool {
        switch script[point] ?? .reply("502 unknown") {
        case .reply(let text):
            let bytes = Array((text + "\r\n").utf8)
            return send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
        case .drop: return false
        case .hang:
            while receive() {}
            return false
        }
    }

    private mutating func read(until end: [UInt8]) -> [UInt8]? {
        while true {
            if let range = received.firstRange(of: end) {
                let piece = Array(received[..<range.lowerBound])
                received.removeSubrange(..<range.upperBound)
                return piece
            }
            guard receive() else { return nil }
        }
    }

    private mutating func receive() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return false }
        received += buffer[..<count]
        return true
    }
}
