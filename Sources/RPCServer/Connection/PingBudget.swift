internal import NIOCore

/// How many pings a client has had answered in the current second.
struct PingBudget {
    private var second = NIODeadline.now()
    private var count = 0

    mutating func take(limit: Int) -> Bool {
        let now = NIODeadline.now()
        if now - second > .seconds(1) { (second, count) = (now, 0) }
        count += 1
        return count <= limit
    }
}
