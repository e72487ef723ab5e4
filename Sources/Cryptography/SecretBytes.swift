internal import COpenSSL

/// Secret bytes in one buffer that is zeroed when its last holder lets go.
///
/// A handle that can be copied, so that requests and facades can carry it; the bytes themselves are not. Nothing that
/// prints, dumps or reflects it shows them (SECURITY KEY-04, KEY-05).
package struct SecretBytes: Sendable {
    private let storage: SecretStorage

    /// Copies bytes that are held elsewhere too; the caller sees to those.
    package init(copying bytes: some Collection<UInt8>) {
        storage = SecretStorage(count: bytes.count)
        unsafe storage.buffer.copyBytes(from: bytes)
    }

    /// Copies the UTF-8 bytes of a text.
    package init(utf8 text: String) {
        self.init(copying: text.utf8)
    }

    /// Fills a new buffer of `count` bytes in place.
    package init(count: Int, initializingWith fill: (UnsafeMutableRawBufferPointer) throws -> Void) rethrows {
        storage = SecretStorage(count: count)
        unsafe try fill(UnsafeMutableRawBufferPointer(rebasing: storage.buffer[0..<count]))
    }

    /// How many bytes there are.
    package var count: Int { storage.count }

    /// Lends the bytes for the length of the closure.
    package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try unsafe body(UnsafeRawBufferPointer(rebasing: storage.buffer[0..<storage.count]))
    }

    /// Compares in a time that depends on the lengths only.
    package func isEqual(to other: SecretBytes) -> Bool {
        unsafe withBytes { mine in unsafe other.withBytes { theirs in unsafe ConstantTime.areEqual(mine, theirs) } }
    }

    /// The bytes as text, a copy outside of our care; nil when they are not UTF-8.
    package func validatedUTF8String() -> String? {
        unsafe withBytes { unsafe String(validating: $0, as: UTF8.self) }
    }
}

extension SecretBytes: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "SecretBytes(redacted)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// The owner of one secret buffer.
///
/// `@unchecked Sendable`: the buffer is written only while the initialiser of `SecretBytes` that made it runs, before
/// anyone else can hold it, and read-only from then on.
@safe
private final class SecretStorage: @unchecked Sendable {
    let buffer: UnsafeMutableRawBufferPointer
    let count: Int

    init(count: Int) {
        self.count = count
        unsafe buffer = .allocate(byteCount: max(count, 1), alignment: 1)
        unsafe buffer.initializeMemory(as: UInt8.self, repeating: 0)
    }

    deinit {
        unsafe OPENSSL_cleanse(buffer.baseAddress, buffer.count)
        unsafe buffer.deallocate()
    }
}
