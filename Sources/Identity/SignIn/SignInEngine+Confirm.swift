import Cryptography
import MariaDB

extension SignInEngine {
    /// Notes a new proof in the session that the flow began with, and in no other, if it was its own user's
    /// (SECURITY SU-03).
    func confirm(
        _ flow: inout SignInFlow,
        _ confirming: SignInFlow.Confirming,
        _ user: UserID,
        _ level: AssuranceLevel,
        because reasons: [ReasonID],
        _ context: CallContext,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> Verdict {
        let confirmed: (session: Session, token: SecretBytes)? =
            user == confirming.user
            ? try SessionStore(parts: parts).confirm(
                confirming.session,
                of: user,
                level: level,
                methods: flow.methodReferences,
                provedKind: flow.provedKind,
                at: now,
                context,
                transaction
            ) : nil
        guard let confirmed else {
            return try refuse(&flow, user, because: .sessionInvalid, context, transaction)
        }
        try end(&flow, with: user, transaction)
        let event = succeeded(flow, user, confirmed.session, because: reasons)
        try audit.append(event, context, transaction)
        let signedIn = SignedIn(
            session: confirmed.session,
            token: confirmed.token,
            isConfirmation: true,
            returnTarget: flow.returnTarget,
            reasons: reasons
        )
        return .signedIn(signedIn)
    }

    /// The address that a user proves to confirm a session: the main one, else any, else a telephone number, else a login
    /// at a provider.
    ///
    /// Only what he proved before; throws `step_up_impossible` without any.
    func addressToProve(_ user: UserID, _ transaction: Transaction) throws -> SignInFlow.Identifier {
        var proved = try transaction.all(ProvedAddresses(user: user))
        if proved.isEmpty, parts.policy.sms.isEnabled { proved = try transaction.all(ProvedPhones(user: user)) }
        if let address = proved.first(where: \.isPrimary) ?? proved.first { return address.identifier }
        guard let login = try transaction.all(ListExternalLogins(user: user)).first else {
            throw FlowError.stepUpImpossible
        }
        return SignInFlow.Identifier(external: login.id, label: login.label)
    }
}
