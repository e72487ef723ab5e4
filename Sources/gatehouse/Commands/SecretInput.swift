internal import Foundation
internal import Glibc

/// Reads a secret from standard input, where no list of processes or history of a shell shows it.
enum SecretInput {
    /// Longest line, in bytes.
    private static let maximumCount = 4096

    /// The first line; a terminal does not show what is typed.
    ///
    /// - Throws: `CommandFailure` when there is none, or it is no UTF-8 or too long.
    static func line(prompt: String) throws -> String {
        guard isatty(STDIN_FILENO) == 1 else { return try read() }
        FileHandle.standardError.write(Data(prompt.utf8))
        var before = termios()
        guard unsafe tcgetattr(STDIN_FILENO, &before) == 0 else { return try read() }
        var quiet = before
        quiet.c_lflag &= ~tcflag_t(ECHO)
        _ = unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet)
        defer {
            _ = unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
            FileHandle.standardError.write(Data("\n".utf8))
        }
        return try read()
    }

    private static func read() throws -> String {
        var bytes: [UInt8] = []
        while let byte = try FileHandle.standardInput.read(upToCount: 1)?.first, byte != UInt8(ascii: "\n") {
            bytes.append(byte)
            guard bytes.count <= maximumCount else { throw CommandFailure("The line is too long.") }
        }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        guard !bytes.isEmpty else { throw CommandFailure("Nothing was given on standard input.") }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure("What was given is not UTF-8.")
        }
        return text
    }
}
