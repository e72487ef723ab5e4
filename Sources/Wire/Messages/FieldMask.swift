import CGatehouseProtos

/// `google.protobuf.FieldMask`; facades show its paths only.
struct FieldMask: @unsafe CBacked {
    let paths: [String]

    init(paths: [String]) { self.paths = paths }

    static func initialize(_ message: UnsafeMutablePointer<Google__Protobuf__FieldMask>) {
        unsafe google__protobuf__field_mask__init(message)
    }

    init(reading message: UnsafePointer<Google__Protobuf__FieldMask>) throws(WireError) {
        let fields = unsafe message.pointee
        paths = try unsafe Reading.strings(fields.paths, count: fields.n_paths, "paths")
    }

    func write(to message: UnsafeMutablePointer<Google__Protobuf__FieldMask>, in arena: Arena) {
        unsafe (message.pointee.paths, message.pointee.n_paths) = arena.strings(paths)
    }
}
