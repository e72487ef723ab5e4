package import MariaDB

/// Where the domain gets the time of day from; a parameter, so that tests can set it.
package protocol WallClock: Sendable {
    /// The current time, UTC, in microseconds.
    func now() -> Timestamp
}
