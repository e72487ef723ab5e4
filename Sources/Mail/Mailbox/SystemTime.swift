internal import Glibc

/// The machine's clock.
package enum SystemTime {
    /// Microseconds since 1970 UTC.
    package static func microseconds() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
}
