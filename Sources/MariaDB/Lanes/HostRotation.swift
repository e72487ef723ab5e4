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

    /// Moves on from a server that failed, unless another lane has done so already.
    func moveOn(from failed: Endpoint) {
        current.withLock { index in
            if endpoints[index % endpoints.count] == failed { index = (index + 1) % endpoints.count }
        }
    }
}
