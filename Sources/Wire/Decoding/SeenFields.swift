import CGatehouseProtos

/// The fields of one message met so far; the generator refuses messages of more than 64 fields.
@safe struct SeenFields {
    typealias Field = UnsafePointer<ProtobufCFieldDescriptor>

    private let fields: UnsafeBufferPointer<ProtobufCFieldDescriptor>
    private var bits: UInt64 = 0

    init(_ descriptor: UnsafePointer<ProtobufCMessageDescriptor>) {
        unsafe fields = UnsafeBufferPointer(start: descriptor.pointee.fields, count: Int(descriptor.pointee.n_fields))
    }

    /// Refuses a second value of a field that takes one, and a second member of a oneof.
    mutating func insert(_ field: Field) throws(WireError) {
        if unsafe field.pointee.label == PROTOBUF_C_LABEL_REPEATED { return }
        guard let base = unsafe fields.baseAddress else { throw WireError(.malformed) }
        let bit = unsafe UInt64(1) << UInt64((field - base) & 63)
        guard bits & bit == 0 else { throw WireError(.duplicateField) }
        if unsafe field.pointee.flags & PROTOBUF_C_FIELD_FLAG_ONEOF.rawValue != 0 {
            guard unsafe bits & members(with: field) == 0 else { throw WireError(.duplicateField) }
        }
        bits |= bit
    }

    /// The members of the oneof that `field` belongs to: they share the place of the case.
    private func members(with field: Field) -> UInt64 {
        var result: UInt64 = 0
        for index in unsafe fields.indices {
            let other = unsafe fields[index]
            let isMember = unsafe other.flags & PROTOBUF_C_FIELD_FLAG_ONEOF.rawValue != 0
            if unsafe isMember && other.quantifier_offset == field.pointee.quantifier_offset {
                result |= UInt64(1) << UInt64(index & 63)
            }
        }
        return result
    }
}
