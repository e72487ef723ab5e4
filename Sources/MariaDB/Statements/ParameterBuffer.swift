internal import CMariaDB

/// The bytes of the parameters of one execution, and the binds that point at them; one per connection.
///
/// A value may outgrow the buffer while it fills, so the binds hold offsets until `withBinds` turns them into pointers.
@safe final class ParameterBuffer {
    /// The first value that cannot be sent; executing fails with it.
    var failure: DatabaseError?
    private(set) var count = 0
    private var bytes: UnsafeMutableRawBufferPointer
    private var used = 0
    private var binds: UnsafeMutableBufferPointer<MYSQL_BIND>

    // What is kept between executions; a blob of many megabytes is not.
    private static let keptBytes = 256 * 1024

    init() {
        unsafe bytes = .allocate(byteCount: 4096, alignment: 16)
        unsafe binds = .allocate(capacity: 16)
    }

    deinit {
        unsafe bytes.deallocate()
        unsafe binds.deallocate()
    }

    /// Forgets the last values, and the memory of unusually large ones.
    func reset() {
        (count, used, failure) = (0, 0, nil)
        guard unsafe bytes.count > Self.keptBytes else { return }
        unsafe bytes.deallocate()
        unsafe bytes = .allocate(byteCount: 4096, alignment: 16)
    }

    func append(_ type: enum_field_types, isUnsigned: Bool = false, bytes source: UnsafeRawBufferPointer) {
        if unsafe count == binds.count { growBinds() }
        if unsafe used + source.count + 8 > bytes.count { growBytes(toHold: used + source.count + 8) }
        var bind = unsafe MYSQL_BIND()
        unsafe bind.buffer_type = type
        unsafe bind.is_unsigned = isUnsigned ? 1 : 0
        unsafe bind.buffer_length = UInt(source.count)
        unsafe bind.offset = UInt(used)
        unsafe binds.initializeElement(at: count, to: bind)
        unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[used...]).copyMemory(from: source)
        count += 1
        // Eight-byte steps keep every number and MYSQL_TIME aligned.
        used += source.count.roundedUp(toMultipleOf: 8)
    }

    /// Lends the binds, pointing into the buffer; valid for the time of the call.
    func withBinds<R>(
        _ body: (UnsafeMutablePointer<MYSQL_BIND>?) throws(DatabaseError) -> R
    ) throws(DatabaseError) -> R {
        for index in 0..<count {
            unsafe binds[index].buffer = bytes.baseAddress?.advanced(by: Int(binds[index].offset))
            unsafe binds[index].offset = 0
        }
        return try unsafe body(binds.baseAddress)
    }

    private func growBinds() {
        let larger = unsafe UnsafeMutableBufferPointer<MYSQL_BIND>.allocate(capacity: binds.count * 2)
        _ = unsafe larger.moveInitialize(fromContentsOf: binds)
        unsafe binds.deallocate()
        unsafe binds = larger
    }

    private func growBytes(toHold wanted: Int) {
        let larger = unsafe UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(wanted, bytes.count * 2),
            alignment: 16
        )
        unsafe larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<used]))
        unsafe bytes.deallocate()
        unsafe bytes = larger
    }
}
