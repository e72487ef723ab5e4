/// Stable ids of every refusal a caller or person can meet.
///
/// RPC returns the id in a `Reason` detail; the site looks its text up in the locale files under the same id.
package enum ReasonID: String, Sendable, CaseIterable {
    // Input
    case fieldRequired = "field.required"
    case fieldTooLong = "field.too_long"
    case fieldInvalid = "field.invalid"
    case fieldUnknown = "field.unknown"
    case emailInvalid = "email.invalid"
    case phoneInvalid = "phone.invalid"
    case usernameInvalid = "username.invalid"
    case pageSizeInvalid = "page.size_invalid"
    case pageTokenInvalid = "page.token_invalid"
    case idempotencyKeyInvalid = "idempotency.key_invalid"
    case idempotencyKeyReused = "idempotency.key_reused"
    // Resources
    case notFound = "resource.not_found"
    case identifierTaken = "users.identifier_taken"
    case externalIDTaken = "users.external_id_taken"
    case userStateUnsuitable = "users.state_unsuitable"
    case revisionConflict = "resource.revision_conflict"
    case serviceAccountNameTaken = "service_accounts.name_taken"
    case certificateNameTaken = "service_accounts.certificate_name_taken"
    case scopeUnknown = "service_accounts.scope_unknown"
    case scopeNotHeld = "service_accounts.scope_not_held"
    case tooManyTokens = "service_accounts.too_many_tokens"
    case lastAdministrator = "service_accounts.last_administrator"
    case alreadyBootstrapped = "bootstrap.already_done"
    case administratorPresent = "bootstrap.administrator_present"
    // Callers
    case credentialsMissing = "caller.credentials_missing"
    case credentialsInvalid = "caller.credentials_invalid"
    case permissionMissing = "caller.permission_missing"
    case userAccessRefused = "caller.user_access_refused"
    case stepUpRequired = "caller.step_up_required"
    // Signing in
    case signInRefused = "sign_in.refused"
    case signInFlowEnded = "sign_in.flow_ended"
    case signInStepNotDue = "sign_in.step_not_due"
    case stepUpImpossible = "sign_in.step_up_impossible"
    case sessionInvalid = "session.invalid"
    case throttled = "throttled"
    // Authenticators
    case tooManyAuthenticators = "authenticators.too_many"
    case provedAddressNeeded = "authenticators.proved_address_needed"
    case passkeyTaken = "authenticators.passkey_taken"
    case passkeysOff = "authenticators.passkeys_off"
    case enrolmentRefused = "authenticators.enrolment_refused"
    // The server
    case overloaded = "server.overloaded"
    case unavailable = "server.unavailable"
    case deadlineExceeded = "server.deadline_exceeded"
    case cancelled = "server.cancelled"
    case internalFailure = "server.internal"
}
