package import Cryptography
import MariaDB
import OpenIDConnect

extension ExternalLoginFlows {
    /// Ends the sessions that a provider says are over (OpenID Connect Back-Channel Logout 1.0; SECURITY OI-18).
    ///
    /// False for a token that is not taken. Whoever brings it needs no other right: the provider signed it.
    package func logOut(
        _ name: String,
        token text: SecretBytes,
        _ context: CallContext
    ) async throws(FlowError) -> Bool {
        guard let row = try await parts.read(context, { try $0.first(ProviderByName(name: name)) }),
            row.provider.isEnabled, row.provider.settings.kind == .openIDConnect
        else { return false }
        let provider = row.provider
        let token: LogoutToken
        do throws(OpenIDError) {
            token = try await read(text, provider)
        } catch {
            if error.isOutage { throw .providerUnavailable(error) }
            return false
        }
        let hash = SHA256.digest(of: Array(token.tokenID.utf8))
        let expiresAt = Timestamp(microsecondsSinceEpoch: token.expiresAt * 1_000_000)
        let (parts, audit) = (parts, AuditStore(parts: parts))
        return try await parts.transaction(context) { transaction in
            let once = InsertExternalLogout(provider: provider.id, hash: hash, expiresAt: expiresAt)
            guard try transaction.insertIfNew(once) else { return false }
            for vouched in try Self.sessions(of: token, provider, transaction) {
                try transaction.execute(DeleteSession(session: vouched.session))
                let event = AuditEvent(
                    .sessionRevoked,
                    subjectUser: vouched.user,
                    session: vouched.session,
                    details: ["by": "provider", "provider": provider.name]
                )
                try audit.append(event, context, transaction)
            }
            return true
        }
    }

    private func read(_ text: SecretBytes, _ provider: ExternalProvider) async throws(OpenIDError) -> LogoutToken {
        let token = try JSONWebToken(text)
        let client = client(provider)
        let metadata = try await parts.providerDocuments.metadata(of: provider, client, at: seconds)
        let keys = try await parts.providerDocuments.keys(for: token, of: provider, client, metadata, at: seconds)
        return try LogoutToken(token, keys: keys, settings: provider.settings, now: seconds)
    }

    /// Where both are told, the session must be the subject's.
    private static func sessions(
        of token: LogoutToken,
        _ provider: ExternalProvider,
        _ transaction: Transaction
    ) throws -> [VouchedSession] {
        let ofSubject = try token.subject.map { subject in
            try transaction.all(SessionsOfSubject(provider: provider.id, issuer: token.issuer, subject: subject))
        }
        guard let session = token.sessionID else { return ofSubject ?? [] }
        let ofSession = try transaction.all(
            SessionsOfProviderSession(provider: provider.id, issuer: token.issuer, session: session)
        )
        guard let ofSubject else { return ofSession }
        let ids = Set(ofSubject.map(\.session))
        return ofSession.filter { ids.contains($0.session) }
    }
}
