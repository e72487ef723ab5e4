import Foundation

/// A directory that is gone when its last holder is.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "gatehouse-lists-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of a file with some content.
    func file(_ name: String, _ content: some DataProtocol) throws -> String {
        try Data(content).write(to: URL(fileURLWithPath: path + "/" + name))
        return path + "/" + name
    }

    func file(_ name: String, lines: [String], ending: String = "\n") throws -> String {
        try file(name, Array(lines.map { $0 + ending }.joined().utf8))
    }

    /// Names of what is there, sorted.
    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }
}
