internal import Logging

/// What the lanes of one database have in common.
struct LaneShared: Sendable {
    let configuration: DatabaseConfiguration
    let queue: LaneQueue
    let hosts: HostRotation
    let reachability = Reachability()
    let metrics = DatabaseMetrics()
    let logger: Logger
}
