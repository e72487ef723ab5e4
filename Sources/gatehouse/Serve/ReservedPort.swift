internal import Foundation

/// A free port that is kept for a listener to come.
///
/// Passkeys and the links in mails name the site's address, so its port has to be known before anything listens. The socket
/// is bound and never listens, which lets the real listener have its port, and nobody who asks for any free one.
final class ReservedPort: Sendable {
    let number: Int
    private let descriptor: Int32

    /// Finds a port that is free on a host.
    init(on host: String) throws {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, "0", &hints, &found) == 0, let address = found?.pointee else {
            throw CommandFailure("The site cannot listen on \(host): there is no such host.")
        }
        defer { freeaddrinfo(found) }
        let descriptor = socket(address.ai_family, address.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0, let number = Self.bound(descriptor, to: address) else {
            if descriptor >= 0 { close(descriptor) }
            throw CommandFailure("The site cannot listen on \(host): no port is free.")
        }
        (self.descriptor, self.number) = (descriptor, number)
    }

    /// The port that the socket got; nil when it got none.
    private static func bound(_ descriptor: Int32, to address: addrinfo) -> Int? {
        var yes: Int32 = 1
        guard setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size)) == 0,
            bind(descriptor, address.ai_addr, address.ai_addrlen) == 0
        else { return nil }
        var name = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let isNamed = withUnsafeMutablePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) == 0 }
        }
        guard isNamed else { return nil }
        // The port stands at the same place in the addresses of both families.
        let bytes = withUnsafeBytes(of: &name) { Array($0[2..<4]) }
        return Int(bytes[0]) << 8 | Int(bytes[1])
    }

    deinit { close(descriptor) }
}
