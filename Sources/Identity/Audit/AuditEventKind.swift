/// Everything the audit trail tells of (SECURITY LOG-01); the strings are stored and never change.
package enum AuditEventKind: String, Sendable, CaseIterable {
    // Users
    case userCreated = "user.created"
    case userUpdated = "user.updated"
    case userDisabled = "user.disabled"
    case userEnabled = "user.enabled"
    case userLocked = "user.locked"
    case userDeleted = "user.deleted"
    case userUndeleted = "user.undeleted"
    case userErased = "user.erased"
    case identifierVerified = "identifier.verified"
    // Signing in
    case signInCodeSent = "sign_in.code_sent"
    case signInSucceeded = "sign_in.succeeded"
    case signInRefused = "sign_in.refused"
    case signInThrottled = "sign_in.throttled"
    case throttleCleared = "throttle.cleared"
    // Authenticators
    case authenticatorAdded = "authenticator.added"
    case authenticatorRenamed = "authenticator.renamed"
    case authenticatorRemoved = "authenticator.removed"
    case passwordChanged = "password.changed"
    case passwordResetDemanded = "password.reset_demanded"
    case recoveryCodeUsed = "recovery_code.used"
    // Sessions
    case sessionCreated = "session.created"
    case sessionConfirmed = "session.confirmed"
    case sessionRevoked = "session.revoked"
    case sessionSignedOut = "session.signed_out"
    case sessionsRevoked = "session.all_revoked"
    case sessionReplaced = "session.replaced"
    // Callers
    case callerRefused = "caller.refused"
    case accessDenied = "caller.access_denied"
    case serviceAccountCreated = "service_account.created"
    case serviceAccountUpdated = "service_account.updated"
    case serviceAccountDeleted = "service_account.deleted"
    case serviceTokenCreated = "service_token.created"
    case serviceTokenRevoked = "service_token.revoked"
    case bootstrapped = "server.bootstrapped"
    case administratorRecovered = "server.administrator_recovered"
}
