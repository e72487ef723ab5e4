import CGatehouseProtos
import Glibc

/// Bump-allocated memory for one decode or encode, with a byte cap and a count cap.
///
/// protobuf-c gets its memory from here through `ProtobufCAllocator`, so that a hostile message meets the caps instead
/// of the heap (SECURITY F5). What protobuf-c gets is zeroed, and all of it is wiped before it is given back, because
/// requests carry secrets. Single-threaded: it lives within one call.
@safe final class Arena {
    /// What may be handed out in all.
    let byteCap: Int
    let countCap: Int

    /// What was handed out; never beyond the caps.
    private(set) var bytesUsed = 0
    private(set) var allocationCount = 0

    /// True when a cap stopped an allocation.
    private(set) var isExhausted = false

    /// The block in use, how much of it was handed out, and the full ones before it.
    private var block: UnsafeMutableRawBufferPointer
    private var position = 0
    private var fullBlocks: [UnsafeMutableRawBufferPointer] = unsafe []

    /// `firstBlock` is a guess of how much will be needed, in bytes.
    init(byteCap: Int = .max, countCap: Int = .max, firstBlock: Int = 2048) {
        self.byteCap = byteCap
        self.countCap = countCap
        unsafe block = .allocate(byteCount: max(firstBlock, 256), alignment: 16)
    }

    deinit {
        if let base = unsafe block.baseAddress { unsafe explicit_bzero(base, position) }
        unsafe block.deallocate()
        while let full = unsafe fullBlocks.popLast() {
            if let base = full.baseAddress { unsafe explicit_bzero(base, full.count) }
            unsafe full.deallocate()
        }
    }

    /// Blocks taken from the heap so far.
    var blockCount: Int { unsafe fullBlocks.count + 1 }

    /// Zeroed memory, or nil when a cap is reached; never trapped by a wild `size`.
    func allocate(_ size: Int, alignment: Int = 16) -> UnsafeMutableRawPointer? {
        guard let memory = unsafe allocateUninitialized(size, alignment: alignment) else { return nil }
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        return unsafe memory
    }

    /// The same with whatever the memory holds, for who writes all of it.
    func allocateUninitialized(_ size: Int, alignment: Int = 16) -> UnsafeMutableRawPointer? {
        guard size >= 0, allocationCount < countCap, size <= byteCap - bytesUsed else {
            isExhausted = true
            return nil
        }
        allocationCount += 1
        bytesUsed += size
        var start = (position + alignment - 1) & ~(alignment - 1)
        if unsafe size > block.count - start {
            grow(toHold: size)
            start = 0
        }
        position = start + size
        guard let base = unsafe block.baseAddress else { return nil }
        return unsafe base + start
    }

    /// Lends an allocator for protobuf-c; freeing is a no-op, all goes at once.
    func withAllocator<Result>(_ body: (UnsafeMutablePointer<ProtobufCAllocator>) -> Result) -> Result {
        var allocator = unsafe ProtobufCAllocator(
            alloc: { data, size in
                guard let data = unsafe data else { return nil }
                return unsafe Unmanaged<Arena>.fromOpaque(data).takeUnretainedValue().allocate(size)
            },
            free: { _, _ in },
            allocator_data: Unmanaged.passUnretained(self).toOpaque()
        )
        return unsafe body(&allocator)
    }

    private func grow(toHold size: Int) {
        let doubled = unsafe block.count.multipliedReportingOverflow(by: 2)
        unsafe fullBlocks.append(block)
        unsafe block = .allocate(byteCount: doubled.overflow ? size : max(size, doubled.partialValue), alignment: 16)
    }
}
