internal import Glibc

/// Bytes that must not stay behind.
enum Memory {
    /// Zeroes in a way that the optimiser may not drop.
    static func wipe(_ bytes: UnsafeMutableRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        unsafe explicit_bzero(start, bytes.count)
    }
}
