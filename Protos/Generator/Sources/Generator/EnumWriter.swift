import SwiftProtobufPluginLibrary

/// Writes an enum; numbers that it does not name are refused at decode, so it has no case for them.
enum EnumWriter {
    static func render(_ type: EnumDescriptor) -> OutputFile {
        let comment = Comment(type.protoSourceComments(commentPrefix: ""))
        let cases = type.values.flatMap { value in
            Comment(value.protoSourceComments(commentPrefix: "")).documentation(otherwise: "`\(value.name)`")
                + ["case \(Naming.enumCase(value.name, of: type.name)) = \(value.number)"]
        }
        let lines =
            [MessageModel.banner(type.file), ""] + comment.documentation(otherwise: type.name)
            + ["package enum \(type.name): Int32, Sendable, CaseIterable {"] + cases + ["}"]
        return OutputFile(
            path: MessageModel.folder(of: type.file) + type.name + ".swift",
            text: lines.joined(separator: "\n") + "\n"
        )
    }
}
