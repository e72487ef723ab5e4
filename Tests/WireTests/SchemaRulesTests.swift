import CGatehouseProtos
import Testing

@testable import Wire

/// Walks protobuf-c's descriptors: what ships is what is checked.
@Suite struct SchemaRulesTests {
    typealias Descriptor = UnsafePointer<ProtobufCMessageDescriptor>

    private func fields(of descriptor: Descriptor) -> UnsafeBufferPointer<ProtobufCFieldDescriptor> {
        UnsafeBufferPointer(start: descriptor.pointee.fields, count: Int(descriptor.pointee.n_fields))
    }

    private func nested(_ field: ProtobufCFieldDescriptor) -> Descriptor? {
        guard field.type == PROTOBUF_C_TYPE_MESSAGE else { return nil }
        return field.descriptor?.assumingMemoryBound(to: ProtobufCMessageDescriptor.self)
    }

    private func containsItself(_ descriptor: Descriptor, path: [Descriptor] = []) -> Bool {
        if path.contains(descriptor) { return true }
        return fields(of: descriptor).contains { field in
            nested(field).map { containsItself($0, path: path + [descriptor]) } ?? false
        }
    }

    private func depth(_ descriptor: Descriptor) -> Int {
        1 + (fields(of: descriptor).compactMap { nested($0).map(depth) }.max() ?? 0)
    }

    @Test(arguments: MessageTable.all.indices)
    func `no message contains itself, nests too deeply or has too many fields`(index: Int) throws {
        let descriptor = try MessageTable.all[index].descriptor
        #expect(String(cString: descriptor.pointee.name) == MessageTable.all[index].fullName)
        #expect(!containsItself(descriptor))
        #expect(depth(descriptor) <= DecodingLimits.reply.maximumDepth)
        #expect(fields(of: descriptor).count <= 64)
    }

    @Test func `every text, bytes and repeated field of a request has a limit`() throws {
        var queue = try MethodTable.all.map { method in
            try #require(MessageTable.all.first { $0.fullName == method.requestType })
        }
        var seen: Set<String> = []
        while let message = queue.popLast() {
            guard seen.insert(message.fullName).inserted else { continue }
            for field in fields(of: try message.descriptor) {
                let name = String(cString: field.name)
                let isText = field.type == PROTOBUF_C_TYPE_STRING || field.type == PROTOBUF_C_TYPE_BYTES
                let inner = nested(field).map { String(cString: $0.pointee.name) }
                let isMask = inner == "google.protobuf.FieldMask"
                if isText || isMask || field.label == PROTOBUF_C_LABEL_REPEATED {
                    #expect(message.fieldLimits[name] != nil, "\(message.fullName).\(name)")
                }
                if let inner, let next = MessageTable.all.first(where: { $0.fullName == inner }) { queue.append(next) }
            }
        }
        #expect(seen.count > 20)
    }

    @Test func `every limit is refused one beyond it and kept at it`() throws {
        var checked = 0
        var limits = DecodingLimits.reply
        // Empty records are a hundred times as large in memory.
        limits.arenaBase = 1 << 20
        for message in MessageTable.all {
            for field in fields(of: try message.descriptor) {
                let name = String(cString: field.name)
                guard let limit = message.fieldLimits[name] else { continue }
                let isMask = nested(field).map { String(cString: $0.pointee.name) } == "google.protobuf.FieldMask"
                let isCount = isMask || field.label == PROTOBUF_C_LABEL_REPEATED
                func bytes(_ count: Int) -> [UInt8] {
                    if isMask {
                        return Encoding.delimited(field.id, (0..<count).flatMap { _ in Encoding.text(1, "p") })
                    }
                    if isCount { return (0..<count).flatMap { _ in Encoding.delimited(field.id, []) } }
                    return Encoding.delimited(field.id, [UInt8](repeating: 0x61, count: count))
                }
                #expect(throws: Never.self, "\(message.fullName).\(name)") {
                    try message.decode(bytes(limit), limits: limits)
                }
                #expect(throws: WireError(isCount ? .tooMany : .tooLong, at: name), "\(message.fullName).\(name)") {
                    try message.decode(bytes(limit + 1), limits: limits)
                }
                checked += 1
            }
        }
        #expect(checked > 40)
    }

    @Test(arguments: MethodTable.all)
    func `every method says what it demands`(method: MethodDescriptor) {
        #expect(!method.permission.isEmpty)
        #expect(method.maximumRequestBytes > 0)
        #expect(method.maximumRequestBytes <= FrameDecoder.authenticatedLimit)
        #expect(method.fullName == method.service + "/" + method.name)
        #expect(MethodTable.method(named: method.fullName) == method)
        #expect(MessageTable.all.contains { $0.fullName == method.responseType })
        #expect(
            method.isReadOnly
                == ["Get", "List", "Find", "Check", "Count", "Watch", "Validate", "Is", "Holds", "Explain"].contains {
                    method.name.hasPrefix($0)
                }
        )
    }

    @Test func `only the health check needs no caller`() {
        #expect(MethodTable.all.filter { $0.permission == "public" }.map(\.name) == ["CheckHealth"])
    }

    @Test func `changing who may call asks for a fresh proof`() {
        let risky = MethodTable.all.filter { $0.permission == "service_accounts.write" }
        #expect(risky.count == 5)
        #expect(risky.allSatisfy { $0.stepUp == .fresh && $0.userAccess == .none })
    }

    @Test(arguments: [
        "", "/gatehouse.v1.UserService/GetUser", "gatehouse.v1.UserService/getUser", "gatehouse.v1.UserService.GetUser",
        "gatehouse.v1.UserService/GetUser/", "gatehouse.v1.UserService//GetUser", "gatehouse.v1.UserService/GetUser ",
        "gatehouse.v1.UserService/../UserService/GetUser", "gatehouse.v1.UserService/GetUser\0",
        "gatehouse.v1.UserService/GetUser\u{200B}", "gatehouse.v1.UserService/GetUser?", "GetUser",
    ])
    func `a name that is nearly a method's is none`(name: String) {
        #expect(MethodTable.method(named: name) == nil)
    }
}
