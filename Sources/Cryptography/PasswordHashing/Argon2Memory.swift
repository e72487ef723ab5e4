internal import COpenSSL

/// One block of memory for Argon2, kept from hash to hash and zeroed before it is given up.
///
/// It has one owner and can be lent to one hash at a time, so as many hashes run at once as there are blocks
/// (SECURITY PW-11). Kept blocks also spare each hash the page faults of a new one.
@safe
package struct Argon2Memory: ~Copyable {
    private let block: UnsafeMutableRawBufferPointer

    /// Allocates a block.
    ///
    /// - Parameter parameters: The costliest hash it is for.
    package init(for parameters: Argon2Parameters) {
        unsafe block = .allocate(byteCount: parameters.memoryCount, alignment: 64)
        // Touched now, so that a server that cannot have its memory learns it at start.
        unsafe block.initializeMemory(as: UInt8.self, repeating: 0)
    }

    deinit {
        unsafe OPENSSL_cleanse(block.baseAddress, block.count)
        unsafe block.deallocate()
    }

    /// Bytes of the block.
    package var count: Int { unsafe block.count }

    /// Lends the block for the length of the closure.
    mutating func withBlock<Result>(_ body: (UnsafeMutableRawBufferPointer) throws -> Result) rethrows -> Result {
        try unsafe body(block)
    }
}
