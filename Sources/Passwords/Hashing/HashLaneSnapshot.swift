/// What the hash lane does at one moment and has done since it was made.
package struct HashLaneSnapshot: Sendable, Equatable {
    /// Calls that wait now.
    package var waiting = 0
    /// Calls that are computed now.
    package var running = 0
    /// Calls that were computed, whatever came of it.
    package var completed = 0
    /// Calls refused because the queue was full or their deadline could not have been met.
    package var overloaded = 0
    /// Calls whose deadline had passed before they were computed.
    package var expired = 0
    /// Calls whose task was cancelled while they waited.
    package var cancelled = 0
    /// About how long one hash of the lane's own parameters takes.
    package var hashDuration = Duration.zero
}
