import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// One field as its facade shows it.
struct FieldModel {
    enum Kind {
        case text, bytes, secret, truth
        case number(String)
        case enumeration(String)
        case message(String)
        case fieldMask
    }

    let descriptor: FieldDescriptor
    let comment: Comment
    let kind: Kind

    init(_ descriptor: FieldDescriptor) throws {
        self.descriptor = descriptor
        comment = Comment(descriptor.protoSourceComments(commentPrefix: ""))
        kind = try Self.kind(of: descriptor, isSecret: comment.isSecret)
        switch kind {
        case .text, .message: break
        default:
            guard !descriptor.isRepeated else {
                throw SchemaError("\(descriptor.fullName): repeated fields of this type have no facade yet")
            }
        }
        guard !comment.isSecret || descriptor.type == .bytes else {
            throw SchemaError("\(descriptor.fullName): @secret needs bytes")
        }
    }

    var name: String { Naming.lowerCamel(descriptor.name) }
    var cName: String { descriptor.name.lowercased() }
    var isRepeated: Bool { descriptor.isRepeated }

    /// The Swift type without array or optional.
    var elementType: String {
        switch kind {
        case .text: "String"
        case .bytes: "[UInt8]"
        case .secret: "SecretBytes"
        case .truth: "Bool"
        case .number(let type), .enumeration(let type), .message(let type): type
        case .fieldMask: "[String]"
        }
    }

    var type: String {
        if isRepeated { return "[\(elementType)]" }
        switch kind {
        case .message, .fieldMask: return elementType + "?"
        default: return elementType
        }
    }

    var defaultValue: String {
        if isRepeated { return "[]" }
        switch kind {
        case .text: return "\"\""
        case .bytes: return "[]"
        case .secret: return "SecretBytes(copying: [UInt8]())"
        case .truth: return "false"
        case .number: return "0"
        case .enumeration: return ".\(Naming.enumCase(descriptor.enumType.values[0].name, of: elementType))"
        case .message, .fieldMask: return "nil"
        }
    }

    /// True when a request may not carry it without `@max`.
    var needsMaximum: Bool {
        switch kind {
        case .text, .bytes, .secret, .fieldMask: true
        default: isRepeated
        }
    }

    var limitSentence: String? {
        guard let maximum = comment.maximum else { return nil }
        if case .fieldMask = kind { return "At most \(maximum) paths." }
        return isRepeated ? "At most \(maximum) elements." : "At most \(maximum) bytes."
    }

    private static func kind(of field: FieldDescriptor, isSecret: Bool) throws -> Kind {
        switch field.type {
        case .string: return .text
        case .bytes: return isSecret ? .secret : .bytes
        case .bool: return .truth
        case .int32: return .number("Int32")
        case .int64: return .number("Int64")
        case .uint32: return .number("UInt32")
        case .uint64: return .number("UInt64")
        case .enum: return .enumeration(Naming.type(fullName: field.enumType.fullName, name: field.enumType.name))
        case .message: return kind(ofMessage: field.messageType)
        default: throw SchemaError("\(field.fullName): this type has no facade yet")
        }
    }

    private static func kind(ofMessage message: Descriptor) -> Kind {
        switch message.fullName {
        case "google.protobuf.Timestamp": .message("WireTimestamp")
        case "google.protobuf.Duration": .message("Duration")
        case "google.protobuf.FieldMask": .fieldMask
        default: .message(Naming.type(fullName: message.fullName, name: message.name))
        }
    }
}
