internal import CLinux
internal import Glibc

/// Keeps the memory of this process from other processes and from disk (SECURITY KEY-04).
package enum ProcessHardening {
    /// No core dumps, and no other process of this user may read our memory.
    package static func disableCoreDumps() {
        var limit = rlimit(rlim_cur: 0, rlim_max: 0)
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
        _ = CLinux_set_dumpable(0)
    }
}
