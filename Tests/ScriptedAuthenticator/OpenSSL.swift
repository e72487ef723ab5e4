package import Foundation

/// Debian's `openssl` command.
package enum OpenSSL {
    /// A command that failed.
    package struct Failure: Error {
        package let command: String
    }

    package static func run(_ command: String, _ more: String..., in directory: URL) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = command.split(separator: " ").map(String.init) + more
        process.currentDirectoryURL = directory
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(command: command) }
    }
}
