internal import Foundation
internal import Glibc

/// Reads a secret from standard input, where no list of processes or history of a shell shows it.
enum SecretInput {
    /// Longest line, in bytes.
    private static let maximumCount = 4096

    /// Somebody pressed the key that interrupts, or the one that quits.
    private struct Interrupted: Error {}

    /// The first line; a terminal does not show what is typed.
    ///
    /// - Throws: `CommandFailure` when there is none, or it is no UTF-8 or too long.
    static func line(prompt: String) throws -> String {
        guard isatty(STDIN_FILENO) == 1 else { return try read() }
        FileHandle.standardError.write(Data(prompt.utf8))
        var before = termios()
        guard unsafe tcgetattr(STDIN_FILENO, &before) == 0 else { return try read() }
        do {
            return try hiddenLine(before)
        } catch is Interrupted {
            // As if the terminal had sent it, now that it shows again what is typed. To the process, since the threads of
            // tasks take no signals; should it be ignored, the shell is told by the status.
            kill(getpid(), SIGINT)
            sleep(1)
            exit(128 + SIGINT)
        }
    }

    /// Reads without echo; the keys that interrupt and quit end the line instead of the process, which would leave the
    /// terminal without echo.
    private static func hiddenLine(_ before: termios) throws -> String {
        let interrupt = before.c_cc.0
        let quit = before.c_cc.1
        var quiet = before
        quiet.c_lflag &= ~tcflag_t(ECHO | ISIG)
        // VEOL and VEOL2: further ends of a line.
        quiet.c_cc.11 = interrupt
        quiet.c_cc.16 = quit
        _ = unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet)
        defer {
            var shown = before
            _ = unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown)
            FileHandle.standardError.write(Data("\n".utf8))
        }
        return try read(interrupts: [interrupt, quit].filter { $0 != 0 })
    }

    private static func read(interrupts: [UInt8] = []) throws -> String {
        var bytes: [UInt8] = []
        while let byte = try FileHandle.standardInput.read(upToCount: 1)?.first, byte != UInt8(ascii: "\n") {
            if interrupts.contains(byte) { throw Interrupted() }
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
