/// Why a password may not be chosen; holds nothing of the password.
package enum PasswordProblem: Sendable, Hashable {
    /// Fewer code points than this.
    case tooShort(minimum: Int)
    /// More code points than this; nothing is ever cut off.
    case tooLong(maximum: Int)
    /// A control character, or a line or paragraph separator.
    case controlCharacter
    /// A character that this version knows no meaning of.
    case unassignedCharacter
    /// Common or breached, or a repetition of what is.
    case blocklisted
    /// One of these with trivial additions.
    case contextWord(ContextWord.Kind)
}

/// What the policy says of a password.
package enum PasswordReview: Sendable {
    case accepted(AcceptedPassword)
    /// All that is wrong with it, each once, in the order of the cases above.
    case refused([PasswordProblem])
}

/// A review that could not be done; the password is then not to be taken.
package enum PasswordReviewError: Error, Equatable {
    case blocklist(BlocklistError)
    case outOfMemory
}
