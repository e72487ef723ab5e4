import CGatehouseProtos
import Testing

@testable import Wire

/// The schema has no repeated number yet; the scanner is ready for one, so it is shown a descriptor made by hand.
@Suite struct PackedFieldTests {
    private func check(_ bytes: [UInt8], type: ProtobufCType = PROTOBUF_C_TYPE_UINT32) throws {
        try "numbers".withCString { name in
            var field = ProtobufCFieldDescriptor()
            field.name = name
            field.id = 1
            field.label = PROTOBUF_C_LABEL_REPEATED
            field.type = type
            var ranges = [
                ProtobufCIntRange(start_value: 1, orig_index: 0), ProtobufCIntRange(start_value: 0, orig_index: 1),
            ]
            try ranges.withUnsafeMutableBufferPointer { ranges in
                try withUnsafePointer(to: &field) { field in
                    var message = ProtobufCMessageDescriptor()
                    message.n_fields = 1
                    message.fields = field
                    message.n_field_ranges = 1
                    message.field_ranges = UnsafePointer(ranges.baseAddress)
                    try withUnsafePointer(to: &message) { message in
                        try bytes.withUnsafeBytes { try WireScanner.check($0, as: message, limits: .reply) }
                    }
                }
            }
        }
    }

    @Test func `packed, unpacked and mixed elements pass`() throws {
        try check(Encoding.number(1, 5) + Encoding.delimited(1, [1, 2, 3]) + Encoding.number(1, 300))
        try check(Encoding.delimited(1, []))
        try check(Encoding.delimited(1, [1, 2, 3, 4]), type: PROTOBUF_C_TYPE_FIXED32)
    }

    @Test(arguments: [
        (Encoding.delimited(1, [1, 0x80]), WireError.Code.malformed, "numbers[0]"),
        (Encoding.number(1, 1) + Encoding.delimited(1, Encoding.varint(1 << 32)), .outOfRange, "numbers[1]"),
        (Encoding.tag(1, 5) + [1, 2, 3, 4], .malformed, "numbers[0]"),
        ([0x0A, 0x05, 0x01], .malformed, "numbers[0]"),
    ])
    func `a bad element is refused`(bytes: [UInt8], code: WireError.Code, path: String) {
        #expect(throws: WireError(code, at: path)) { try check(bytes) }
    }

    @Test func `a packed length that is no multiple of the width is refused`() {
        #expect(throws: WireError(.malformed, at: "numbers[0]")) {
            try check(Encoding.delimited(1, [1, 2, 3, 4, 5]), type: PROTOBUF_C_TYPE_FIXED32)
        }
    }
}
