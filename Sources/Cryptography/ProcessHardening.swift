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

    /// Whether the kernel holds to both.
    package static var isMemoryClosed: Bool {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit) == 0 else { return false }
        return limit.rlim_cur == 0 && limit.rlim_max == 0 && CLinux_dumpable() == 0
    }
}
