/// What a key is used for.
///
/// Each purpose has a key of its own, derived by HKDF with its label (SECURITY KEY-03). A label never changes: what was
/// sealed under it would be lost.
package enum KeyPurpose: String, Sendable, CaseIterable {
    case oneTimeCode = "gatehouse/v1/one-time-code"
    case csrf = "gatehouse/v1/csrf"
    case cookie = "gatehouse/v1/cookie"
    case pageToken = "gatehouse/v1/page-token"
    case throttleKey = "gatehouse/v1/throttle-key"
    case outbox = "gatehouse/v1/outbox"
    case idempotency = "gatehouse/v1/idempotency"
    case totp = "gatehouse/v1/totp"
    case recoveryCodeLookup = "gatehouse/v1/recovery-code-lookup"
    case auditSeal = "gatehouse/v1/audit-seal"
    case externalProvider = "gatehouse/v1/external-provider"
    case passwordPepper = "gatehouse/v1/password-pepper"
    case undeletion = "gatehouse/v1/undeletion"
}
