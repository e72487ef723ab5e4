package import Cryptography
internal import Glibc

/// How many threads hash, what a hash costs, and how much work may wait.
package struct HashLaneConfiguration: Sendable {
    /// Threads, each with a block of memory for `parameters`; at least 1.
    package var threads: Int
    /// Calls that may wait beyond those that run.
    package var capacity: Int
    /// What a new record costs, and the verification of nobody's.
    package var parameters: Argon2Parameters
    /// What the verification of a record may cost; a costlier one is refused.
    package var limits: PasswordVerificationLimits
    /// How far the threads stand back behind all others, 0 (not at all) to 19, so that a flood of passwords does not move
    /// the latency of cheap calls.
    package var niceness: Int32

    package init(
        threads: Int = HashLaneConfiguration.processorCount,
        capacity: Int = 256,
        parameters: Argon2Parameters = .standard,
        limits: PasswordVerificationLimits = .standard,
        niceness: Int32 = 10
    ) {
        self.threads = max(1, threads)
        self.capacity = max(0, capacity)
        self.parameters = parameters
        self.limits = limits
        self.niceness = min(max(0, niceness), 19)
    }

    /// Processors that this process may run on.
    package static var processorCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}
