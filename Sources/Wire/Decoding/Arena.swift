import CGatehouseProtos
import Glibc

/// Bump-allocated memory for one decode or encode, with a byte cap and a count cap.
///
/// protobuf-c gets its memory from here through `ProtobufCAllocator`, so that a hostile message meets the caps instead
/// of the heap (SECURITY F5). Memory is handed out zeroed and wiped before it is given back, because requests carry
/// secrets. Single-threaded: it lives within one call.
@safe final class Arena {
    /// What may be handed out in all.
    let byteCap: Int
    let countCap: Int

    /// What was handed out; never beyond the caps.
    private(set) var bytesUsed = 0
    private(set) var allocationCount = 0

    /// True when a cap stopped an allocation.
    private(set) var isExhausted = false

    /// Blocks taken from the heap; the last is in use.
    private var blocks: [UnsafeMutableRawBufferPointer] = unsafe []
    private var position = 0

    /// `firstBlock` is a guess of how much will be needed, in bytes.
    init(byteCap: Int = .max, countCap: Int = .max, firstBlock: Int = 1024) {
        self.byteCap = byteCap
        self.countCap = countCap
        let first = UnsafeMutableRawBufferPointer.allocate(byteCount: max(firstBlock, 256), alignment: 16)
        unsafe blocks.append(first)
    }

    deinit {
        while let block = unsafe blocks.popLast() {
            if let base = block.baseAddress { unsafe explicit_bzero(base, block.count) }
            unsafe block.deallocate()
        }
    }

    /// Blocks taken from the heap so far.
    var blockCount: Int { unsafe blocks.count }

    /// Zeroed memory, or nil when a cap is reached; never trapped by a wild `size`.
    func allocate(_ size: Int, alignment: Int = 16) -> UnsafeMutableRawPointer? {
        guard size >= 0, allocationCount < countCap, size <= byteCap - bytesUsed else {
            isExhausted = true
            return nil
        }
        allocationCount += 1
        bytesUsed += size
        var start = (position + alignment - 1) & ~(alignment - 1)
        if unsafe size > blocks[blocks.count - 1].count - start {
            grow(toHold: size)
            start = 0
        }
        position = start + size
        guard let base = unsafe blocks[blocks.count - 1].baseAddress else { return nil }
        let memory = unsafe base + start
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        return unsafe memory
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
        let doubled = unsafe blocks[blocks.count - 1].count.multipliedReportingOverflow(by: 2)
        let wanted = doubled.overflow ? size : max(size, doubled.partialValue)
        unsafe blocks.append(.allocate(byteCount: wanted, alignment: 16))
    }
}
