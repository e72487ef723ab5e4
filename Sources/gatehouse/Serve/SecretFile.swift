internal import Foundation

/// A secret kept in a file of its own.
enum SecretFile {
    /// The bytes of the first line; none for an empty path.
    static func line(of path: String) throws -> [UInt8] {
        guard !path.isEmpty else { return [] }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure("The file \(path) cannot be read.")
        }
        return Array(data.prefix { $0 != 0x0A && $0 != 0x0D })
    }
}
