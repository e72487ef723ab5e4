import SwiftProtobufPluginLibrary

/// The expressions that carry a field between the C struct and the facade.
extension FieldModel {
    /// An expression over `fields`, the C struct.
    var reading: String {
        let limit = comment.maximum.map { ", maximum: \($0)" } ?? ""
        let source = "fields.\(cName)"
        let quoted = "\"\(descriptor.name)\""
        if isRepeated {
            let function = if case .text = kind { "strings" } else { "messages" }
            return "try unsafe Reading.\(function)(\(source), count: fields.n_\(cName), \(quoted)\(limit))"
        }
        switch kind {
        case .text: return "try unsafe Reading.string(\(source), \(quoted)\(limit))"
        case .bytes: return "try unsafe Reading.bytes(\(source), \(quoted)\(limit))"
        case .secret: return "try unsafe Reading.secret(\(source), \(quoted)\(limit))"
        case .truth: return "unsafe \(source) != 0"
        case .number: return "unsafe \(source)"
        case .enumeration: return "try unsafe Reading.enumeration(\(source).rawValue, \(quoted))"
        case .message: return "try unsafe Reading.message(\(source), \(quoted))"
        case .fieldMask: return "try unsafe Reading.fieldMask(\(source), \(quoted)\(limit))"
        }
    }

    /// The same for a member of a oneof, which is there when its case is.
    var readingPresent: String {
        guard case .message = kind else { return reading }
        return "try unsafe Reading.present(fields.\(cName), \"\(descriptor.name)\")"
    }

    /// A statement that fills the C struct from `value`.
    func writing(_ value: String) -> String {
        let target = "target.pointee.\(cName)"
        if isRepeated {
            let function = if case .text = kind { "strings" } else { "messages" }
            return "unsafe (\(target), target.pointee.n_\(cName)) = arena.\(function)(\(value))"
        }
        switch kind {
        case .text: return "unsafe \(target) = arena.string(\(value))"
        case .bytes: return "unsafe \(target) = arena.bytes(\(value))"
        case .secret: return "unsafe \(target) = arena.secret(\(value))"
        case .truth: return "unsafe \(target) = \(value) ? 1 : 0"
        case .number: return "unsafe \(target) = \(value)"
        case .enumeration:
            let cType = Naming.cType(descriptor.enumType.fullName)
            return "unsafe \(target) = \(cType)(UInt32(bitPattern: \(value).rawValue))"
        case .message: return "unsafe \(target) = arena.message(\(value))"
        case .fieldMask: return "unsafe \(target) = arena.fieldMask(\(value))"
        }
    }
}
