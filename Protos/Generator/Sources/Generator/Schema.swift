import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Everything that is written: the messages, enums and services of our own packages.
struct Schema {
    let messages: [MessageModel]
    let enums: [EnumDescriptor]
    let services: [ServiceModel]

    init(_ set: DescriptorSet) throws {
        let files = set.files.filter { $0.package.hasPrefix("gatehouse.") }
        let messageFiles = files.filter { !$0.name.hasSuffix("options.proto") }
        var secrets = SecretFinder()
        messages = try messageFiles.flatMap(\.messages).map {
            MessageModel($0, try $0.fields.map(FieldModel.init), isEquatable: !secrets.holdsSecret($0))
        }
        enums = messageFiles.flatMap(\.enums)
        services = try files.flatMap(\.services).map(ServiceModel.init)
        try refuseClashes()
        try refuseUnboundedRequests()
    }

    func render() -> [OutputFile] {
        messages.map { $0.render() } + enums.map(EnumWriter.render) + services.flatMap { $0.render() }
            + [TableWriter.methods(services), TableWriter.messages(messages)]
    }

    private func refuseClashes() throws {
        var seen: Set<String> = []
        for name in messages.map(\.name) + enums.map(\.name) where !seen.insert(name).inserted {
            throw SchemaError("two types are called \(name)")
        }
        for message in messages {
            guard message.descriptor.messages.isEmpty, message.descriptor.enums.isEmpty else {
                throw SchemaError("\(message.descriptor.fullName) has nested types; put them beside it")
            }
            // The scanner keeps the fields it has seen in one 64-bit set.
            guard message.fields.count <= 64 else { throw SchemaError("\(message.name) has more than 64 fields") }
        }
    }

    /// Every string, bytes and repeated field that a request can carry is bounded.
    private func refuseUnboundedRequests() throws {
        var queue = services.flatMap(\.methods).map { $0.descriptor.inputType.fullName }
        var seen = Set(queue)
        while let name = queue.popLast() {
            guard let message = messages.first(where: { $0.descriptor.fullName == name }) else { continue }
            for field in message.fields {
                if field.needsMaximum, field.comment.maximum == nil {
                    throw SchemaError("\(field.descriptor.fullName) can be in a request and has no @max")
                }
                guard field.descriptor.type == .message else { continue }
                let next = field.descriptor.messageType.fullName
                if seen.insert(next).inserted { queue.append(next) }
            }
        }
    }
}

/// Tells which messages hold a secret somewhere, and finds types that contain themselves.
struct SecretFinder {
    private var known: [String: Bool] = [:]

    mutating func holdsSecret(_ message: Descriptor) -> Bool {
        if let answer = known[message.fullName] { return answer }
        known[message.fullName] = false
        var answer = false
        for field in message.fields {
            let own = Comment(field.protoSourceComments(commentPrefix: "")).isSecret
            let nested = field.type == .message && holdsSecret(field.messageType)
            if own || nested { answer = true }
        }
        known[message.fullName] = answer
        return answer
    }
}
