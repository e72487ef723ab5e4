internal import Cryptography
internal import Identity

/// Finds out who calls: a service account by its token or certificate, and the user whose session it carries.
struct CallerAuthenticator {
    private static let scheme = Array("Bearer ".utf8)

    let core: IdentityCore

    /// The one whose rights count for a call.
    ///
    /// - Throws: `FlowError` with code `unauthenticated`.
    func actor(
        _ metadata: CallMetadata,
        _ connection: Connection,
        _ context: CallContext
    ) async throws(FlowError) -> CallContext.Actor {
        let caller = try await caller(metadata, connection, context)
        guard let token = metadata.session else { return .serviceAccount(caller) }
        return .user(try await core.callers.session(token: token, via: caller, context), via: caller)
    }

    private func caller(
        _ metadata: CallMetadata,
        _ connection: Connection,
        _ context: CallContext
    ) async throws(FlowError) -> Caller {
        if let authorization = metadata.authorization {
            guard let token = Self.bearer(authorization) else { throw Self.badScheme }
            return try await core.callers.authenticate(bearer: token, context)
        }
        let names = connection.certificateNames
        guard !names.isEmpty else { throw FlowError.credentialsMissing }
        return try await core.callers.authenticate(certificateNames: names, context)
    }

    private static func bearer(_ value: SecretBytes) -> SecretBytes? {
        value.withBytes { bytes in
            bytes.starts(with: scheme) ? SecretBytes(copying: bytes.dropFirst(scheme.count)) : nil
        }
    }

    private static let badScheme = FlowError(
        .unauthenticated,
        reason: .credentialsInvalid,
        message: "authorization must be `Bearer` with a service token"
    )
}
