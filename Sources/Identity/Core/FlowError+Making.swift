// The refusals that several features share, each worded once.
extension FlowError {
    /// One field at fault.
    package static func invalid(_ field: String, _ reason: ReasonID, _ description: String) -> FlowError {
        FlowError.invalid([FieldProblem(field: field, reason: reason, description: description)])
    }

    /// Several fields at fault; all are told at once.
    static func invalid(_ problems: [FieldProblem]) -> FlowError {
        FlowError(
            .invalidInput(problems),
            reason: problems.first?.reason ?? .fieldInvalid,
            message: problems.map { "\($0.field): \($0.description)" }.joined(separator: "; ")
        )
    }

    /// Nothing here for this caller; the same for what does not exist and for what is another's (SECURITY EN-04).
    static let notFound = FlowError(.notFound, reason: .notFound, message: "no such resource")

    static let permissionMissing = FlowError(
        .permissionDenied,
        reason: .permissionMissing,
        message: "the caller's scopes do not allow this"
    )

    /// No credential came with the call.
    package static let credentialsMissing = FlowError(
        .unauthenticated,
        reason: .credentialsMissing,
        message: "credentials are required"
    )

    static let credentialsInvalid = FlowError(
        .unauthenticated,
        reason: .credentialsInvalid,
        message: "the credentials are not valid"
    )

    static let sessionInvalid = FlowError(
        .unauthenticated,
        reason: .sessionInvalid,
        message: "the session token is unknown or the session has ended"
    )

    /// The session was begun with a recovery code, or a password that is too old, and is for repairing the account only.
    static let sessionRestricted = FlowError(
        .permissionDenied,
        reason: .sessionRestricted,
        message: "the session may only repair the account; set up an authenticator and sign in with it"
    )

    static func revisionConflict(current: UInt64) -> FlowError {
        FlowError(
            .revisionConflict(current: current),
            reason: .revisionConflict,
            message: "the resource was changed since the expected revision"
        )
    }
}
