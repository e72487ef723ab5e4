import CGatehouseProtos

/// What the encoding of one field must look like.
enum FieldShape {
    typealias Field = UnsafePointer<ProtobufCFieldDescriptor>

    /// The field's name in the proto file.
    static func name(_ field: Field) -> String {
        guard let name = unsafe field.pointee.name else { return "" }
        return unsafe String(cString: name)
    }

    /// 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes.
    static func wireType(of type: ProtobufCType) -> UInt8 {
        switch type {
        case PROTOBUF_C_TYPE_SFIXED32, PROTOBUF_C_TYPE_FIXED32, PROTOBUF_C_TYPE_FLOAT: 5
        case PROTOBUF_C_TYPE_SFIXED64, PROTOBUF_C_TYPE_FIXED64, PROTOBUF_C_TYPE_DOUBLE: 1
        case PROTOBUF_C_TYPE_STRING, PROTOBUF_C_TYPE_BYTES, PROTOBUF_C_TYPE_MESSAGE: 2
        default: 0
        }
    }

    /// Passes over one number and refuses it when its type, or its enum, does not have it.
    static func checkNumber(_ field: Field, _ cursor: inout WireCursor) throws(WireError) {
        let type = unsafe field.pointee.type
        switch wireType(of: type) {
        case 5: return try cursor.skip(4)
        case 1: return try cursor.skip(8)
        default: break
        }
        let raw = try cursor.varint()
        switch type {
        case PROTOBUF_C_TYPE_UINT32, PROTOBUF_C_TYPE_SINT32:
            guard raw <= UInt64(UInt32.max) else { throw WireError(.outOfRange) }
        case PROTOBUF_C_TYPE_INT32:
            guard Int32(exactly: Int64(bitPattern: raw)) != nil else { throw WireError(.outOfRange) }
        case PROTOBUF_C_TYPE_BOOL:
            guard raw <= 1 else { throw WireError(.outOfRange) }
        case PROTOBUF_C_TYPE_ENUM:
            try unsafe checkEnum(field, raw)
        default: break
        }
    }

    /// Refuses text that is not UTF-8 or that holds a NUL.
    static func checkText(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) throws(WireError) {
        var high: UInt8 = 0
        for index in range {
            let byte = unsafe bytes[index]
            guard byte != 0 else { throw WireError(.containsNUL) }
            high |= byte
        }
        guard high & 0x80 != 0 else { return }
        let part = unsafe UnsafeRawBufferPointer(rebasing: bytes[range])
        guard unsafe (try? UTF8Span(validating: part.assumingMemoryBound(to: UInt8.self).span)) != nil else {
            throw WireError(.invalidUTF8)
        }
    }

    private static func checkEnum(_ field: Field, _ raw: UInt64) throws(WireError) {
        guard let number = Int32(exactly: Int64(bitPattern: raw)), let descriptor = unsafe field.pointee.descriptor,
            unsafe protobuf_c_enum_descriptor_get_value(
                descriptor.assumingMemoryBound(to: ProtobufCEnumDescriptor.self),
                number
            ) != nil
        else { throw WireError(.unknownEnumValue) }
    }
}
