/// Why a text is no password record; says nothing of the text itself.
package enum PasswordRecordError: Error, Equatable {
    /// No format that is known here, or one that is known to be broken.
    case unknownFormat
    /// A known format that is not written as it must be.
    case malformed
    /// A cost or length that is not taken (SECURITY PW-09).
    case outOfBounds
}
