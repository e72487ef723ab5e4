internal import Synchronization

/// Which server new connections go to: the same for all lanes while it works, the next one after a failure.
final class HostRotation: Sendable {
    private let endpoints: [Endpoint]
    private let current = Mutex(0)

    init(_ endpoints: [Endpoint]) {
        self.endpoints = endpoints
    }

    var count: Int { endpoints.count }

    var endpoint: Endpoint { endpoints[current.withLock { $0 } % endpoints.count] }

    /// Connects to the first server that takes us, each tried once, the one that works for the others first.
    ///
    /// - Throws: What the last one was refused with.
    func open(_ configuration: DatabaseConfiguration) throws(DatabaseError) -> sending Connection {
        var last = DatabaseError(.configuration, "no database host is given")
        for _ in 0..<count {
            let endpoint = endpoint
            do {
                return try Connection.open(endpoint, configuration)
            } catch {
                last = error
                moveOn(from: endpoint)
            }
        }
        throw last
    }

    /// Moves on from a server that failed, unless another lane has done so already.
    func moveOn(from failed: Endpoint) {
        current.withLock { index in
            if endpoints[index % endpoints.count] == failed { index = (index + 1) % endpoints.count }
        }
    }
}
