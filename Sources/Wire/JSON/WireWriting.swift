import CGatehouseProtos
import Cryptography
import JSON

/// Writes the protobuf encoding of a JSON value, led by protobuf-c's descriptors.
enum WireWriting {
    typealias Descriptor = UnsafePointer<ProtobufCMessageDescriptor>
    typealias Field = UnsafePointer<ProtobufCFieldDescriptor>

    /// The fields of a message without tag and length.
    static func message(_ value: JSONValue, _ descriptor: Descriptor) throws(WireError) -> [UInt8] {
        if let special = unsafe WellKnownJSON(descriptor) { return try special.bytes(value) }
        guard case .object(let members) = value else { throw WireError(.malformed) }
        var result: [UInt8] = []
        var seen: Set<UInt32> = []
        for member in members {
            guard let field = unsafe field(named: member.name, descriptor) else {
                throw WireError(.unknownField, at: member.name)
            }
            let name = unsafe FieldShape.name(field)
            // The proto name and the JSON name of one field are the same member.
            guard unsafe seen.insert(field.pointee.id).inserted else { throw WireError(.duplicateField, at: name) }
            do { try unsafe append(member.value, field, to: &result) } catch {
                guard error.fieldPath?.first != "[" else {
                    throw WireError(error.code, at: name + (error.fieldPath ?? ""))
                }
                throw error.inside(name)
            }
        }
        return result
    }

    private static func field(named name: String, _ descriptor: Descriptor) -> Field? {
        for index in unsafe 0..<Int(descriptor.pointee.n_fields) {
            guard let field = unsafe descriptor.pointee.fields.map({ unsafe $0 + index }) else { return nil }
            let own = unsafe FieldShape.name(field)
            let isNamed = own.utf8.elementsEqual(name.utf8) || JSONNames.camel(own).utf8.elementsEqual(name.utf8)
            if isNamed { return unsafe field }
        }
        return nil
    }

    private static func append(_ value: JSONValue, _ field: Field, to result: inout [UInt8]) throws(WireError) {
        if value == .null { return }
        guard unsafe field.pointee.label == PROTOBUF_C_LABEL_REPEATED else {
            return try unsafe appendOne(value, field, to: &result)
        }
        guard case .array(let elements) = value else { throw WireError(.malformed) }
        for (index, element) in elements.enumerated() {
            do { try unsafe appendOne(element, field, to: &result) } catch {
                throw WireError(error.code, at: "[\(index)]" + (error.fieldPath.map { ".\($0)" } ?? ""))
            }
        }
    }

    private static func appendOne(_ value: JSONValue, _ field: Field, to result: inout [UInt8]) throws(WireError) {
        let type = unsafe field.pointee.type
        let wireType = FieldShape.wireType(of: type)
        unsafe varint(UInt64(field.pointee.id) << 3 | UInt64(wireType), to: &result)
        guard wireType == 2 else {
            // Floating point and fixed width have no place in the schema; the generator refuses them.
            guard wireType == 0 else { throw WireError(.unknownType) }
            return unsafe varint(try number(value, field), to: &result)
        }
        let bytes = try unsafe delimited(value, field)
        varint(UInt64(bytes.count), to: &result)
        result += bytes
    }

    private static func delimited(_ value: JSONValue, _ field: Field) throws(WireError) -> [UInt8] {
        switch unsafe (field.pointee.type, value) {
        case (PROTOBUF_C_TYPE_STRING, .string(let text)): return Array(text.utf8)
        case (PROTOBUF_C_TYPE_BYTES, .string(let text)):
            guard let bytes = Base64.decode(text) else { throw WireError(.malformed) }
            return bytes
        case (PROTOBUF_C_TYPE_MESSAGE, _):
            guard let nested = unsafe field.pointee.descriptor else { throw WireError(.unknownType) }
            return try unsafe message(value, nested.assumingMemoryBound(to: ProtobufCMessageDescriptor.self))
        default: throw WireError(.malformed)
        }
    }

    private static func number(_ value: JSONValue, _ field: Field) throws(WireError) -> UInt64 {
        switch unsafe (field.pointee.type, value) {
        case (PROTOBUF_C_TYPE_BOOL, .bool(let truth)): return truth ? 1 : 0
        case (PROTOBUF_C_TYPE_ENUM, .string(let name)): return try unsafe enumNumber(name, field)
        case (PROTOBUF_C_TYPE_ENUM, .number(let digits)), (PROTOBUF_C_TYPE_INT32, .number(let digits)),
            (PROTOBUF_C_TYPE_INT32, .string(let digits)):
            return UInt64(bitPattern: Int64(try integer(digits, Int32.self)))
        case (PROTOBUF_C_TYPE_UINT32, .number(let digits)), (PROTOBUF_C_TYPE_UINT32, .string(let digits)):
            return UInt64(try integer(digits, UInt32.self))
        case (PROTOBUF_C_TYPE_INT64, .number(let digits)), (PROTOBUF_C_TYPE_INT64, .string(let digits)):
            return UInt64(bitPattern: try integer(digits, Int64.self))
        case (PROTOBUF_C_TYPE_UINT64, .number(let digits)), (PROTOBUF_C_TYPE_UINT64, .string(let digits)):
            return try integer(digits, UInt64.self)
        default: throw WireError(.malformed)
        }
    }

    private static func enumNumber(_ name: String, _ field: Field) throws(WireError) -> UInt64 {
        guard let descriptor = unsafe field.pointee.descriptor,
            let value = unsafe protobuf_c_enum_descriptor_get_value_by_name(
                descriptor.assumingMemoryBound(to: ProtobufCEnumDescriptor.self),
                name
            )
        else { throw WireError(.unknownEnumValue) }
        return unsafe UInt64(bitPattern: Int64(value.pointee.value))
    }

    /// Digits with at most one minus in front: `Int("+1")` would do more.
    private static func integer<Number: FixedWidthInteger>(
        _ digits: String,
        _ type: Number.Type
    ) throws(WireError) -> Number {
        let body = digits.utf8.first == UInt8(ascii: "-") ? digits.utf8.dropFirst() : digits.utf8[...]
        guard !body.isEmpty, body.allSatisfy({ (0x30...0x39).contains($0) }) else { throw WireError(.malformed) }
        guard let number = Number(digits) else { throw WireError(.outOfRange) }
        return number
    }

    static func varint(_ value: UInt64, to result: inout [UInt8]) {
        var rest = value
        while rest > 0x7F {
            result.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        result.append(UInt8(truncatingIfNeeded: rest))
    }
}
