/// A blocklist that cannot be read or built; the message is for the administrator and holds no password.
package struct BlocklistError: Error, CustomStringConvertible, Equatable {
    /// What went wrong.
    package enum Code: Sendable, Equatable {
        /// The file cannot be opened or read, or changed while it was open.
        case unreadable
        /// The file is no blocklist, a damaged one, or a source that is not written as it must be.
        case malformed
        /// The file, or one needed on the way to it, cannot be written.
        case unwritable
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
