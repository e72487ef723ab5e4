import MariaDB

/// An authenticator that came or went: the person is told, the trail has it, and no device is remembered any more.
struct AuthenticatorChange: Sendable {
    let notice: AccountNotice.Kind
    let event: AuditEventKind
    let user: UserID
    let id: [UInt8]

    init(_ notice: AccountNotice.Kind, _ event: AuditEventKind, user: UserID, id: [UInt8]) {
        (self.notice, self.event, self.user, self.id) = (notice, event, user, id)
    }

    /// Written in the transaction of the change itself.
    func write(_ parts: CoreParts, _ context: CallContext, at now: Timestamp, _ transaction: Transaction) throws {
        try transaction.execute(ForgetRememberedDevices(user: user))
        let notice = AccountNotice(notice, at: now, userAgent: context.userAgent, source: context.source)
        try NoticeWriter(parts: parts).tell(user, notice, languages: context.languages, at: now, transaction)
        let event = AuditEvent(event, subjectUser: user, subjectID: id, details: ["notice": notice.kind.rawValue])
        try AuditStore(parts: parts).append(event, context, transaction)
    }
}

extension FlowError {
    static let tooManyAuthenticators = FlowError(
        .failedPrecondition,
        reason: .tooManyAuthenticators,
        message: "the user has as many authenticators of this kind as there may be"
    )

    /// Whoever never proved an address could lock its owner out of an account to come (SECURITY TOTP-09).
    static let provedAddressNeeded = FlowError(
        .failedPrecondition,
        reason: .provedAddressNeeded,
        message: "the user has to prove an e-mail address first"
    )
}
