import CGatehouseProtos

/// Checks the encoding before protobuf-c sees it, because protobuf-c does not (SECURITY F5-F8, RPC-11).
///
/// It refuses: groups, wrong wire types, fields given twice, too many unknown fields, nesting beyond the limit, numbers
/// outside of their type, enum numbers without a name, and strings that are not UTF-8 or hold a NUL.
@safe struct WireScanner {
    typealias Descriptor = UnsafePointer<ProtobufCMessageDescriptor>

    private let bytes: UnsafeRawBufferPointer
    private let limits: DecodingLimits
    private var unknownFields = 0

    /// Throws unless the bytes are a well-formed encoding of the message within the limits.
    static func check(
        _ bytes: UnsafeRawBufferPointer,
        as descriptor: Descriptor,
        limits: DecodingLimits
    ) throws(WireError) {
        var scanner = unsafe WireScanner(bytes: bytes, limits: limits)
        try unsafe scanner.scan(descriptor, 0..<bytes.count, depth: 1)
    }

    private init(bytes: UnsafeRawBufferPointer, limits: DecodingLimits) {
        unsafe self.bytes = bytes
        self.limits = limits
    }

    private mutating func scan(_ descriptor: Descriptor, _ range: Range<Int>, depth: Int) throws(WireError) {
        guard depth <= limits.maximumDepth else { throw WireError(.tooDeep) }
        var cursor = unsafe WireCursor(bytes, range)
        var seen = unsafe SeenFields(descriptor)
        while !cursor.isAtEnd {
            let start = cursor.position
            let tag = try cursor.tag()
            guard let field = unsafe protobuf_c_message_descriptor_get_field(descriptor, tag.number) else {
                try passUnknown(tag.wireType, &cursor)
                continue
            }
            do {
                try unsafe seen.insert(field)
                try unsafe check(field, tag.wireType, &cursor, depth: depth)
            } catch {
                let isRepeated = unsafe field.pointee.label == PROTOBUF_C_LABEL_REPEATED
                let index = isRepeated ? elements(of: tag.number, in: range.lowerBound..<start) : nil
                throw unsafe error.inside(FieldShape.name(field), index: index)
            }
        }
    }

    private mutating func passUnknown(_ wireType: UInt8, _ cursor: inout WireCursor) throws(WireError) {
        unknownFields += 1
        guard unknownFields <= limits.maximumUnknownFields else { throw WireError(.tooManyFields) }
        try cursor.passValue(wireType)
    }

    /// How often a field comes in a range that was checked: counted only when an error needs its index.
    private func elements(of number: UInt32, in range: Range<Int>) -> Int {
        var cursor = unsafe WireCursor(bytes, range)
        var count = 0
        while !cursor.isAtEnd, let tag = try? cursor.tag(), (try? cursor.passValue(tag.wireType)) != nil {
            if tag.number == number { count += 1 }
        }
        return count
    }

    private mutating func check(
        _ field: UnsafePointer<ProtobufCFieldDescriptor>,
        _ wireType: UInt8,
        _ cursor: inout WireCursor,
        depth: Int
    ) throws(WireError) {
        let type = unsafe field.pointee.type
        let expected = FieldShape.wireType(of: type)
        if wireType == 2, expected != 2, unsafe field.pointee.label == PROTOBUF_C_LABEL_REPEATED {
            var packed = unsafe WireCursor(bytes, try cursor.delimited())
            while !packed.isAtEnd { try unsafe FieldShape.checkNumber(field, &packed) }
            return
        }
        guard wireType == expected else { throw WireError(.malformed) }
        guard expected == 2 else { return try unsafe FieldShape.checkNumber(field, &cursor) }
        let range = try cursor.delimited()
        if type == PROTOBUF_C_TYPE_STRING { return try unsafe FieldShape.checkText(bytes, range) }
        guard type == PROTOBUF_C_TYPE_MESSAGE else { return }
        guard let nested = unsafe field.pointee.descriptor else { throw WireError(.malformed) }
        try unsafe scan(nested.assumingMemoryBound(to: ProtobufCMessageDescriptor.self), range, depth: depth + 1)
    }
}
