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

    /// The name by which a user confirms a session: an address, else a telephone number, that he proved before, else a login
    /// at a provider, else the user name, which other methods than codes may confirm.
    ///
    /// Throws `step_up_impossible` without any.
    func nameToProve(_ user: UserID, _ transaction: Transaction) throws -> SignInFlow.Identifier {
        let names = try transaction.all(NamesToProve(user: user))
        let name = names.min(by: NamesToProve.isBetter)?.identifier
        if let name, name.kind != .username { return name }
        let login = try transaction.all(ListExternalLogins(user: user)).first
        if let login { return SignInFlow.Identifier(external: login.id, label: login.label) }
        guard let name else { throw FlowError.stepUpImpossible }
        return name
    }
}
