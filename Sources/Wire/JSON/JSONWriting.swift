import CGatehouseProtos
import JSON

/// Reads an encoding that the scanner has passed, led by protobuf-c's descriptors, into a JSON value.
@safe struct JSONWriting {
    typealias Descriptor = UnsafePointer<ProtobufCMessageDescriptor>
    typealias Field = UnsafePointer<ProtobufCFieldDescriptor>

    let bytes: UnsafeRawBufferPointer

    /// The object of the message in `range`.
    func message(_ range: Range<Int>, _ descriptor: Descriptor) throws(WireError) -> JSONValue {
        var values: [UInt32: [JSONValue]] = [:]
        var cursor = unsafe WireCursor(bytes, range)
        let special = unsafe WellKnownJSON(descriptor)
        while !cursor.isAtEnd {
            let tag = try cursor.tag()
            guard let field = unsafe protobuf_c_message_descriptor_get_field(descriptor, tag.number) else {
                try cursor.passValue(tag.wireType)
                continue
            }
            do { try unsafe values[tag.number, default: []] += read(field, tag.wireType, &cursor) } catch {
                throw unsafe error.inside(FieldShape.name(field))
            }
        }
        if let special { return try special.value(values) }
        return unsafe object(values, descriptor)
    }

    private func object(_ values: [UInt32: [JSONValue]], _ descriptor: Descriptor) -> JSONValue {
        var members: [JSONValue.Member] = []
        for index in unsafe 0..<Int(descriptor.pointee.n_fields) {
            guard let field = unsafe descriptor.pointee.fields.map({ unsafe $0 + index }),
                let all = unsafe values[field.pointee.id], let last = all.last
            else { continue }
            let isRepeated = unsafe field.pointee.label == PROTOBUF_C_LABEL_REPEATED
            let name = unsafe JSONNames.camel(FieldShape.name(field))
            members.append(.init(name: name, value: isRepeated ? .array(all) : last))
        }
        return .object(members)
    }

    private func read(
        _ field: Field,
        _ wireType: UInt8,
        _ cursor: inout WireCursor
    ) throws(WireError) -> [JSONValue] {
        let expected = unsafe FieldShape.wireType(of: field.pointee.type)
        if expected == 0, wireType == 0 { return [try unsafe number(field, try cursor.varint())] }
        guard wireType == 2 else { throw WireError(.unknownType) }
        let range = try cursor.delimited()
        guard expected == 0 else { return [try unsafe delimited(field, range)] }
        var packed = unsafe WireCursor(bytes, range)
        var result: [JSONValue] = []
        while !packed.isAtEnd { result.append(try unsafe number(field, try packed.varint())) }
        return result
    }

    private func delimited(_ field: Field, _ range: Range<Int>) throws(WireError) -> JSONValue {
        let part = unsafe UnsafeRawBufferPointer(rebasing: bytes[range])
        switch unsafe field.pointee.type {
        case PROTOBUF_C_TYPE_STRING:
            guard let text = unsafe String(validating: part, as: UTF8.self) else { throw WireError(.invalidUTF8) }
            return .string(text)
        case PROTOBUF_C_TYPE_BYTES: return unsafe .string(Base64.encode(Array(part)))
        case PROTOBUF_C_TYPE_MESSAGE:
            guard let nested = unsafe field.pointee.descriptor else { throw WireError(.unknownType) }
            return try unsafe message(range, nested.assumingMemoryBound(to: ProtobufCMessageDescriptor.self))
        default: throw WireError(.unknownType)
        }
    }

    private func number(_ field: Field, _ raw: UInt64) throws(WireError) -> JSONValue {
        switch unsafe field.pointee.type {
        case PROTOBUF_C_TYPE_BOOL: return .bool(raw != 0)
        case PROTOBUF_C_TYPE_UINT32: return .number(String(raw))
        case PROTOBUF_C_TYPE_INT32: return .number(String(Int64(bitPattern: raw)))
        case PROTOBUF_C_TYPE_UINT64: return .string(String(raw))
        case PROTOBUF_C_TYPE_INT64: return .string(String(Int64(bitPattern: raw)))
        case PROTOBUF_C_TYPE_ENUM:
            guard let descriptor = unsafe field.pointee.descriptor,
                let number = Int32(exactly: Int64(bitPattern: raw)),
                let value = unsafe protobuf_c_enum_descriptor_get_value(
                    descriptor.assumingMemoryBound(to: ProtobufCEnumDescriptor.self),
                    number
                ), let name = unsafe value.pointee.name
            else { throw WireError(.unknownEnumValue) }
            return unsafe .string(String(cString: name))
        default: throw WireError(.unknownType)
        }
    }
}
