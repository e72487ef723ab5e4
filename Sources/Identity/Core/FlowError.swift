/// Why a flow did not do what was asked.
///
/// `description` is safe to show anyone; the cause is for the log only.
package struct FlowError: Error {
    /// What kind of refusal it is; each face maps it to its own statuses in one function.
    package enum Code: Sendable, Hashable {
        case invalidInput([FieldProblem])
        case notFound
        case alreadyExists
        case revisionConflict(current: UInt64)
        case failedPrecondition
        case unauthenticated
        case permissionDenied
        /// The level that would do, and what is wrong with the proof that was given.
        case stepUpRequired(AssuranceLevel, because: ReasonID)
        case throttled(retryAfter: Duration)
        case unavailable(retryAfter: Duration?)
        case deadlineExceeded
        case cancelled
        case internalFailure
    }

    /// One input field at fault; never holds the value.
    package struct FieldProblem: Sendable, Hashable {
        /// Path in the request: `identifiers[1].value`.
        package let field: String
        package let reason: ReasonID
        /// An English sentence for developers.
        package let description: String

        package init(field: String, reason: ReasonID, description: String) {
            self.field = field
            self.reason = reason
            self.description = description
        }
    }

    package let code: Code
    package let reason: ReasonID
    /// An English sentence for developers; the site shows its own text for `reason`.
    package let message: String
    /// The request's field that the refusal is about, where there is one: `identifiers[1]`.
    package let field: String?
    /// What led here, for the log.
    package let cause: (any Error)?

    package init(
        _ code: Code,
        reason: ReasonID,
        message: String,
        field: String? = nil,
        cause: (any Error)? = nil
    ) {
        self.code = code
        self.reason = reason
        self.message = message
        self.field = field
        self.cause = cause
    }
}

extension FlowError: CustomStringConvertible {
    package var description: String { "\(reason.rawValue): \(message)" }
}
