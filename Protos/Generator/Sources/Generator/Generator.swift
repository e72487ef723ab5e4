import Foundation
import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Reads a descriptor set with source info and writes one Swift file per message, enum and service part.
@main struct Generator {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3 else {
            throw SchemaError("usage: Generator <descriptor set> <output directory>")
        }
        let bytes = try Data(contentsOf: URL(fileURLWithPath: arguments[1]))
        let set = DescriptorSet(proto: try Google_Protobuf_FileDescriptorSet(serializedBytes: bytes))
        let schema = try Schema(set)
        for file in schema.render() { try file.write(under: arguments[2]) }
    }
}

/// A rule of this house that the proto files break.
struct SchemaError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// One Swift file to write.
struct OutputFile {
    let path: String
    let text: String

    func write(under directory: String) throws {
        let url = URL(fileURLWithPath: directory).appendingPathComponent(path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: url)
    }
}
