internal import NIOCore
internal import NIOPosix

/// Finds the address of a host; a parameter, so that tests can move a name between two looks.
package struct HostLookup: Sendable {
    let addressOf: @Sendable (_ host: String, _ port: UInt16) async throws -> IPAddress?

    package init(_ addressOf: @escaping @Sendable (_ host: String, _ port: UInt16) async throws -> IPAddress?) {
        self.addressOf = addressOf
    }

    /// The system's resolver, on threads that may block.
    package static let system = HostLookup { host, port in
        if let address = IPAddress(host) { return address }
        return try await NIOThreadPool.singleton.runIfActive {
            IPAddress(try SocketAddress.makeAddressResolvingHost(host, port: Int(port)))
        }
    }
}
