internal import Synchronization

/// Which lanes hold a connection that worked when it was last used.
final class Reachability: Sendable {
    private let lanes = Mutex<Set<Int>>([])

    var isReachable: Bool { lanes.withLock { !$0.isEmpty } }

    func laneConnected(_ index: Int) { lanes.withLock { _ = $0.insert(index) } }

    func laneLost(_ index: Int) { lanes.withLock { _ = $0.remove(index) } }
}
