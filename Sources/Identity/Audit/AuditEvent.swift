/// One line of the audit trail: what happened to whom.
///
/// Who did it, from where, comes from the call's context.
package struct AuditEvent: Sendable {
    /// How it ended.
    package enum Outcome: UInt8, Sendable {
        case success = 1
        case failure = 2
        case denied = 3
    }

    package var kind: AuditEventKind
    package var outcome: Outcome
    package var reason: ReasonID?
    /// The user it is about; stays as a pseudonym after the user is erased.
    package var subjectUser: UserID?
    /// The other thing it is about: 16 bytes of a session's, service account's, token's id.
    package var subjectID: [UInt8]?
    package var session: SessionID?
    /// Facts without personal data or secrets: no address, name, token or code (SECURITY LOG-04).
    package var details: [String: String]

    package init(
        _ kind: AuditEventKind,
        outcome: Outcome = .success,
        reason: ReasonID? = nil,
        subjectUser: UserID? = nil,
        subjectID: [UInt8]? = nil,
        session: SessionID? = nil,
        details: [String: String] = [:]
    ) {
        self.kind = kind
        self.outcome = outcome
        self.reason = reason
        self.subjectUser = subjectUser
        self.subjectID = subjectID
        self.session = session
        self.details = details
    }
}
