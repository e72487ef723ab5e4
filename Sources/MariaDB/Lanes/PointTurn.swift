/// One lane's turn at a batch: takes the keys that wait at that moment, reads them in one statement, answers everyone.
///
/// A key queued after its row was written is read after that write, because it is taken before the statement is sent.
final class PointTurn<P: PointRead>: LaneCall {
    func run(on lane: Lane) {
        let queue = lane.shared.queue
        let kind = ObjectIdentifier(P.self)
        let requests = inTime(queue.takeWaiters(of: kind)).compactMap { $0.call as? PointRequest<P> }
        if !requests.isEmpty { read(requests, on: lane) }
        queue.finishTurn(of: kind)
    }

    /// A turn has no caller; those that wait for it are refused themselves.
    func refuse(_ error: DatabaseError) {}

    private func inTime(_ taken: [LaneJob]) -> [LaneJob] {
        let now = Deadline.now
        guard taken.contains(where: { $0.deadline <= now }) else { return taken }
        for waiter in taken where waiter.deadline <= now {
            waiter.call.refuse(DatabaseError(.deadlineExceeded, "the deadline passed in the queue"))
        }
        return taken.filter { $0.deadline > now }
    }

    private func read(_ requests: [PointRequest<P>], on lane: Lane) {
        var rows = [P.Key: P.Row](minimumCapacity: requests.count)
        do throws(DatabaseError) {
            try lane.withConnection { connection throws(DatabaseError) in
                rows.removeAll(keepingCapacity: true)
                // Many may ask for the same row: the callers of one service share its token.
                let keys = Array(Set(requests.map(\.key)))
                try connection.find(P.self, keys: keys, width: width(for: keys.count)) { key, row in
                    if rows[key] == nil { rows[key] = row } else { P.add(row, to: &rows[key, default: row]) }
                }
            }
        } catch {
            for request in requests { request.refuse(error) }
            return
        }
        for request in requests { request.caller.resume(returning: .success(rows[request.key])) }
    }

    /// The power of two that holds `count` keys, so that eight prepared statements serve every number.
    private func width(for count: Int) -> Int {
        var width = 1
        while width < count { width *= 2 }
        return width
    }
}
