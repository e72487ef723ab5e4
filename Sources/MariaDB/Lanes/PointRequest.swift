/// One caller that waits for one row.
final class PointRequest<P: PointRead>: LaneCall {
    typealias Answer = Result<P.Row?, DatabaseError>

    let key: P.Key
    let caller: CheckedContinuation<Answer, Never>

    init(key: P.Key, caller: CheckedContinuation<Answer, Never>) {
        self.key = key
        self.caller = caller
    }

    /// Never called: a request is read in a turn.
    func run(on lane: Lane) {
        refuse(DatabaseError(.internal, "a point read was queued by itself"))
    }

    func refuse(_ error: DatabaseError) {
        caller.resume(returning: .failure(error))
    }
}
