internal import Foundation
internal import Glibc

/// One line on the terminal that tells how far long work is; nothing where standard error is no terminal.
struct ProgressLine {
    private let isShown = isatty(STDERR_FILENO) == 1
    private var last = ""
    private var lastTime: ContinuousClock.Instant?

    /// Replaces the line, ten times a second at most.
    mutating func show(_ text: @autoclosure () -> String) {
        guard isShown else { return }
        let now = ContinuousClock.now
        if let lastTime, now - lastTime < .milliseconds(100) { return }
        lastTime = now
        let text = text()
        guard text != last else { return }
        last = text
        write("\r\u{1B}[K\(text)")
    }

    /// Takes the line away.
    mutating func clear() {
        guard isShown, !last.isEmpty else { return }
        last = ""
        write("\r\u{1B}[K")
    }

    private func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
