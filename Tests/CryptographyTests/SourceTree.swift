import Foundation

/// The project's own Swift source, for tests of rules that hold for its text.
enum SourceTree {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The text of every Swift file under some folders of the project, by path.
    static func swiftFiles(under folders: String...) throws -> [String: String] {
        var files: [String: String] = [:]
        for folder in folders {
            let start = root.appendingPathComponent(folder)
            let paths = FileManager.default.enumerator(at: start, includingPropertiesForKeys: nil)
            for case let url as URL in paths ?? .init() where url.pathExtension == "swift" {
                files[url.path] = try String(contentsOf: url, encoding: .utf8)
            }
        }
        return files
    }
}
