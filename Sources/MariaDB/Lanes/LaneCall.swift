/// What a job does.
protocol LaneCall: AnyObject, Sendable {
    /// Runs on a lane's thread and answers the caller.
    func run(on lane: Lane)
    /// Answers the caller without having run.
    func refuse(_ error: DatabaseError)
}
