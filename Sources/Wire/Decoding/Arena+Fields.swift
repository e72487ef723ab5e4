import CGatehouseProtos
import Cryptography

/// Copies Swift values into the arena in the form that a C struct points to.
extension Arena {
    /// A C string; NUL characters are left out.
    func string(_ text: String) -> UnsafeMutablePointer<CChar>? {
        var text = text
        return text.withUTF8 { source in
            guard let memory = unsafe allocateUninitialized(source.count + 1, alignment: 1) else { return nil }
            if let base = source.baseAddress { unsafe memory.copyMemory(from: base, byteCount: source.count) }
            let result = unsafe memory.assumingMemoryBound(to: CChar.self)
            unsafe result[source.count] = 0
            if unsafe source.contains(0) { unsafe Self.removeNUL(result, count: source.count) }
            return unsafe result
        }
    }

    /// A copy of bytes.
    func bytes(_ bytes: [UInt8]) -> ProtobufCBinaryData {
        unsafe bytes.withUnsafeBytes { unsafe binary($0) }
    }

    /// A copy of secret bytes; the arena wipes it.
    func secret(_ secret: SecretBytes) -> ProtobufCBinaryData {
        unsafe secret.withBytes { unsafe binary($0) }
    }

    /// A C struct filled from a message, nil for nil.
    func message<Message: CBacked>(_ message: Message?) -> UnsafeMutablePointer<Message.CMessage>? {
        guard let message else { return nil }
        guard let memory = unsafe allocateUninitialized(MemoryLayout<Message.CMessage>.size) else { return nil }
        let result = unsafe memory.assumingMemoryBound(to: Message.CMessage.self)
        unsafe Message.initialize(result)
        unsafe message.write(to: result, in: self)
        return unsafe result
    }

    /// A C array of filled structs, and its count.
    func messages<Message: CBacked>(
        _ messages: [Message]
    ) -> (UnsafeMutablePointer<UnsafeMutablePointer<Message.CMessage>?>?, Int) {
        unsafe pointers(messages.count) { unsafe message(messages[$0]) }
    }

    /// A C array of strings, and its count.
    func strings(_ texts: [String]) -> (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, Int) {
        unsafe pointers(texts.count) { unsafe string(texts[$0]) }
    }

    /// A field mask of paths, nil for nil.
    func fieldMask(_ paths: [String]?) -> UnsafeMutablePointer<Google__Protobuf__FieldMask>? {
        unsafe message(paths.map(FieldMask.init(paths:)))
    }

    private func binary(_ source: UnsafeRawBufferPointer) -> ProtobufCBinaryData {
        guard let base = source.baseAddress, let memory = unsafe allocateUninitialized(source.count, alignment: 1)
        else {
            return unsafe ProtobufCBinaryData(len: 0, data: nil)
        }
        unsafe memory.copyMemory(from: base, byteCount: source.count)
        return unsafe ProtobufCBinaryData(len: source.count, data: memory.assumingMemoryBound(to: UInt8.self))
    }

    private func pointers<Element>(
        _ count: Int,
        _ make: (Int) -> UnsafeMutablePointer<Element>?
    ) -> (UnsafeMutablePointer<UnsafeMutablePointer<Element>?>?, Int) {
        let size = unsafe MemoryLayout<UnsafeMutablePointer<Element>?>.stride * count
        guard count > 0, let memory = unsafe allocateUninitialized(size) else { return (nil, 0) }
        let result = unsafe memory.assumingMemoryBound(to: UnsafeMutablePointer<Element>?.self)
        for index in 0..<count { unsafe result[index] = make(index) }
        return unsafe (result, count)
    }

    private static func removeNUL(_ text: UnsafeMutablePointer<CChar>, count: Int) {
        var kept = 0
        for index in 0..<count where unsafe text[index] != 0 {
            unsafe text[kept] = text[index]
            kept += 1
        }
        unsafe text[kept] = 0
    }
}
