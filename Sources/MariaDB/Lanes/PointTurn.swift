/// One lane's turn at a batch: takes the keys that wait at that moment, reads them in one statement, answers everyone.
///
/// A key queued after its row was written is read after that write, because it is taken before the statement is sent.
final class PointTurn<P: PointRead>: LaneJob, @unchecked Sendable {
    private let points: PointQueue<P>
    private let queue: LaneQueue

    init(batch: PointQueue<P>, queue: LaneQueue) {
        points = batch
        self.queue = queue
        super.init(deadline: .never)
    }

    override func run(on lane: Lane) {
        let taken = queue.takeWaiters { points.take(PointQueue<P>.largestWidth) }
        let waiters = refuseLate(taken)
        if !waiters.isEmpty { read(waiters, on: lane) }
        queue.finishTurn { points.endTurn() }
    }

    override func refuse(_ error: DatabaseError) {
        queue.finishTurn { points.endTurn() }
    }

    private func refuseLate(_ taken: [PointWaiter<P>]) -> [PointWaiter<P>] {
        let now = Deadline.now
        guard taken.contains(where: { $0.deadline <= now }) else { return taken }
        for waiter in taken where waiter.deadline <= now {
            waiter.refuse(DatabaseError(.deadlineExceeded, "the deadline passed in the queue"))
        }
        return taken.filter { $0.deadline > now }
    }

    private func read(_ waiters: [PointWaiter<P>], on lane: Lane) {
        var rows = [P.Key: P.Row](minimumCapacity: waiters.count)
        do throws(DatabaseError) {
            try lane.withConnection { connection throws(DatabaseError) in
                rows.removeAll(keepingCapacity: true)
                try connection.find(P.self, keys: waiters.map(\.key), width: width(for: waiters.count)) { key, row in
                    rows[key] = row
                }
            }
        } catch {
            for waiter in waiters { waiter.refuse(error) }
            return
        }
        for waiter in waiters { waiter.continuation?.resume(returning: .success(rows[waiter.key])) }
    }

    /// The power of two that holds `count` keys, so that eight prepared statements serve every number.
    private func width(for count: Int) -> Int {
        var width = 1
        while width < count { width *= 2 }
        return width
    }
}
