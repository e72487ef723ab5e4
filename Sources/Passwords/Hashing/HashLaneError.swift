package import Cryptography

/// Why the hash lane gave no answer; says nothing of the password.
package enum HashLaneError: Error, Equatable {
    /// Nothing was computed: the queue is full, or the deadline could not have been met; after about this long there is room.
    case overloaded(retryAfter: Duration)
    /// Nothing was computed: the deadline passed before.
    case deadlineExceeded
    /// Nothing was computed: the calling task was cancelled.
    case cancelled
    /// Nothing was computed: the lane is not running.
    case stopped
    /// Verifying the record would cost more than the limits (SECURITY PW-09).
    case recordTooCostly
    /// The computation itself failed, or its pepper is not there any more.
    case failed(CryptographyError)
}
