package import Cryptography
import Logging
import MariaDB

/// Who calls, and whether they may; asked on every call, so that changes hold from the next one on at every node.
package struct CallerFlows: Sendable {
    let parts: CoreParts

    /// The service account of a bearer token: one coalesced read.
    ///
    /// `.unauthenticated` for all that is not a live token of an enabled account.
    package func authenticate(bearer: SecretBytes, _ context: CallContext) async throws(FlowError) -> Caller {
        guard let hash = TokenHash(of: bearer, kind: .serviceToken),
            let row = try await parts.find(CallerByToken.self, hash, context)
        else { throw .credentialsInvalid }
        let now = parts.clock.now()
        guard now < row.expiresAt, !row.account.isDisabled else {
            try await refuse(row.account, token: row.tokenID, context)
            throw .credentialsInvalid
        }
        noteUse(of: row, at: now)
        return Caller(row.account, .token(row.tokenID))
    }

    /// The service account that a verified client certificate stands for, by its subject alternative names.
    ///
    /// Names of two accounts in one certificate stand for neither.
    package func authenticate(certificateNames: [String], _ context: CallContext) async throws(FlowError) -> Caller {
        guard (1...20).contains(certificateNames.count) else { throw .credentialsInvalid }
        var found: CallerAccount?
        for name in certificateNames {
            guard let name = CertificateName(name) else { throw .credentialsInvalid }
            guard let account = try await parts.find(CallerByCertificateName.self, Array(name.text.utf8), context)
            else {
                continue
            }
            guard found == nil || found?.id == account.id else { throw .credentialsInvalid }
            found = account
        }
        guard let account = found else { throw .credentialsInvalid }
        guard !account.isDisabled else {
            try await refuse(account, token: nil, context)
            throw .credentialsInvalid
        }
        return Caller(account, .certificate)
    }

    /// The session of the user on whose behalf a call is made; `via` is the service account that carries it.
    package func session(
        token: SecretBytes,
        via caller: Caller?,
        _ context: CallContext
    ) async throws(FlowError) -> Session {
        let sessions = SessionFlows(parts: parts)
        let session = try await sessions.live(token, context)
        try await sessions.requireOwner(of: session, caller, context)
        return session
    }

    /// Whether the actor may call a method that declares `permission`; `allowsOwn`: users may, for themselves.
    package func authorize(_ context: CallContext, permission: String, allowsOwn: Bool) throws(FlowError) {
        if permission == Permission.public { return }
        switch context.actor {
        case .system: return
        case .anonymous: throw .credentialsMissing
        case .serviceAccount(let caller):
            guard caller.scopes.allows(permission) else { throw .permissionMissing }
        case .user(let session, _):
            guard allowsOwn else { throw .userAccessRefused }
            guard session.applicationID == nil || permission != Permission.authenticatorsOwn.rawValue else {
                throw .sessionOfApplication
            }
            guard !session.isRestricted || permission == Permission.authenticatorsOwn.rawValue else {
                throw .sessionRestricted
            }
        }
    }

    /// Puts a refusal by `authorize` into the audit trail (SECURITY LOG-01).
    package func recordDenial(
        _ refusal: FlowError,
        permission: String,
        _ context: CallContext
    ) async throws(FlowError) {
        let event = AuditEvent(
            .accessDenied,
            outcome: .denied,
            reason: refusal.reason,
            details: ["permission": permission]
        )
        let audit = AuditStore(parts: parts)
        try await parts.transaction(context) { try audit.append(event, context, $0) }
    }

    private func noteUse(of row: CallerByToken.Row, at now: Timestamp) {
        let accuracy = parts.policy.sessions.lastUseAccuracy
        if let last = row.lastUsedAt, now - last < accuracy { return }
        guard !parts.lastUses.isNoted(row.tokenID, since: now - accuracy) else { return }
        parts.lastUses.note(row.tokenID, at: now)
    }

    /// A known credential that is no good any more: somebody forgot to replace it, or found it.
    private func refuse(
        _ account: CallerAccount,
        token: ServiceTokenID?,
        _ context: CallContext
    ) async throws(FlowError) {
        let event = AuditEvent(
            .callerRefused,
            outcome: .failure,
            reason: .credentialsInvalid,
            subjectID: account.id.bytes,
            details: token.map { ["token_id": $0.description] } ?? [:]
        )
        let audit = AuditStore(parts: parts)
        try await parts.transaction(context) { try audit.append(event, context, $0) }
    }
}

extension Caller {
    init(_ account: CallerAccount, _ credential: Credential) {
        self.init(id: account.id, name: account.name, scopes: account.scopes, credential: credential)
    }
}

extension FlowError {
    static let userAccessRefused = FlowError(
        .permissionDenied,
        reason: .userAccessRefused,
        message: "this method is not for users"
    )
}
