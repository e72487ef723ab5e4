import CGatehouseProtos
import Cryptography
import Glibc

/// Takes fields out of an unpacked C struct.
///
/// The scanner has checked UTF-8, NUL and enum numbers on the real bytes.
enum Reading {
    /// A text of at most `maximum` bytes.
    static func string(
        _ text: UnsafeMutablePointer<CChar>?,
        _ field: StaticString,
        maximum: Int = .max
    ) throws(WireError) -> String {
        guard let text = unsafe text else { return "" }
        guard unsafe strlen(text) <= maximum else { throw WireError(.tooLong, at: "\(field)") }
        guard let result = unsafe String(validatingCString: text) else { throw WireError(.invalidUTF8, at: "\(field)") }
        return result
    }

    /// At most `maximum` bytes.
    static func bytes(
        _ data: ProtobufCBinaryData,
        _ field: StaticString,
        maximum: Int = .max
    ) throws(WireError) -> [UInt8] {
        unsafe Array(try buffer(data, field, maximum))
    }

    /// At most `maximum` secret bytes.
    static func secret(
        _ data: ProtobufCBinaryData,
        _ field: StaticString,
        maximum: Int = .max
    ) throws(WireError) -> SecretBytes {
        unsafe SecretBytes(copying: try buffer(data, field, maximum))
    }

    /// A value that the enum names.
    static func enumeration<Value: RawRepresentable<Int32>>(
        _ number: UInt32,
        _ field: StaticString
    ) throws(WireError) -> Value {
        guard let value = Value(rawValue: Int32(bitPattern: number)) else {
            throw WireError(.unknownEnumValue, at: "\(field)")
        }
        return value
    }

    /// A message, nil when it was not given.
    static func message<Message: CBacked>(
        _ message: UnsafeMutablePointer<Message.CMessage>?,
        _ field: StaticString
    ) throws(WireError) -> Message? {
        guard let message = unsafe message else { return nil }
        do { return try unsafe Message(reading: message) } catch { throw error.inside("\(field)") }
    }

    /// A message that must be there: the member that a oneof's case names.
    static func present<Message: CBacked>(
        _ pointer: UnsafeMutablePointer<Message.CMessage>?,
        _ field: StaticString
    ) throws(WireError) -> Message {
        let result: Message? = try unsafe message(pointer, field)
        guard let result else { throw WireError(.malformed, at: "\(field)") }
        return result
    }

    /// At most `maximum` messages.
    static func messages<Message: CBacked>(
        _ pointers: UnsafeMutablePointer<UnsafeMutablePointer<Message.CMessage>?>?,
        count: Int,
        _ field: StaticString,
        maximum: Int = .max
    ) throws(WireError) -> [Message] {
        guard count <= maximum else { throw WireError(.tooMany, at: "\(field)") }
        var result: [Message] = []
        result.reserveCapacity(count)
        for index in 0..<count {
            guard let message = unsafe pointers?[index] else { throw WireError(.malformed, at: "\(field)") }
            do { result.append(try unsafe Message(reading: message)) } catch {
                throw error.inside("\(field)", index: index)
            }
        }
        return result
    }

    /// At most `maximum` texts.
    static func strings(
        _ pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
        count: Int,
        _ field: StaticString,
        maximum: Int = .max
    ) throws(WireError) -> [String] {
        guard count <= maximum else { throw WireError(.tooMany, at: "\(field)") }
        var result: [String] = []
        result.reserveCapacity(count)
        for index in 0..<count { result.append(try unsafe string(pointers?[index], field)) }
        return result
    }

    /// The paths of a field mask, at most `maximum`; nil when it was not given.
    static func fieldMask(
        _ mask: UnsafeMutablePointer<Google__Protobuf__FieldMask>?,
        _ field: StaticString,
        maximum: Int = .max
    ) throws(WireError) -> [String]? {
        let result: FieldMask? = try unsafe message(mask, field)
        guard let result else { return nil }
        guard result.paths.count <= maximum else { throw WireError(.tooMany, at: "\(field)") }
        return result.paths
    }

    private static func buffer(
        _ data: ProtobufCBinaryData,
        _ field: StaticString,
        _ maximum: Int
    ) throws(WireError) -> UnsafeBufferPointer<UInt8> {
        guard unsafe data.len <= maximum else { throw WireError(.tooLong, at: "\(field)") }
        return unsafe UnsafeBufferPointer(start: data.data, count: data.data == nil ? 0 : data.len)
    }
}
