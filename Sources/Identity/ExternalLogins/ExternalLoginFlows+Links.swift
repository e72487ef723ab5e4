import MariaDB
import OpenIDConnect

extension ExternalLoginFlows {
    /// Logins of one user at most.
    static let maximumPerUser = 20

    /// The logins of a user, oldest first; needs `users.read` of another's.
    package func list(_ user: UserID, _ context: CallContext) async throws(FlowError) -> [ExternalLogin] {
        try context.requireAccess(to: user, .usersRead)
        return try await parts.read(context) { try $0.all(ListExternalLogins(user: user)) }
    }

    /// Removes a login: one's own after a fresh proof by one's strongest factor, or, with `users.write`, another's; the
    /// last way in stays, unless an administrator insists (SECURITY OI-11).
    package func unlink(
        _ id: ExternalLoginID,
        of user: UserID,
        evenIfLastWayIn: Bool = false,
        _ context: CallContext
    ) async throws(FlowError) {
        try context.requireAccess(to: user, .usersWrite)
        let parts = parts
        let now = parts.clock.now()
        try await parts.transaction(context) { transaction in
            _ = try UserStore(parts: parts).lock(user, for: context, at: now, transaction)
            try parts.requireStrongestProof(context, transaction)
            guard let login = try transaction.first(LockExternalLogin(id: id)), login.userID == user else {
                throw FlowError.notFound
            }
            try parts.requireAnotherWayIn(
                than: .external,
                of: user,
                orAdministratorInsists: evenIfLastWayIn,
                context,
                transaction
            )
            try transaction.execute(DeleteExternalLogin(login: id))
            let change = AuthenticatorChange(.externalUnlinked, .authenticatorRemoved, user: user, id: id.bytes)
            try change.write(parts, context, at: now, transaction)
        }
    }

    /// Links the very login that came back to the user of the session that went away (SECURITY OI-11).
    func link(
        _ person: ExternalPerson,
        _ arrival: Arrival,
        _ context: CallContext
    ) async throws(FlowError) -> ExternalOutcome {
        let session = try context.requirePerson()
        let (parts, provider, audit) = (parts, arrival.row.provider, AuditStore(parts: parts))
        let now = parts.clock.now()
        let outcome = try await parts.transaction(context) { transaction -> ExternalOutcome in
            guard try UserStore(parts: parts).lock(session.userID, at: now, transaction)?.state == .active else {
                throw FlowError.userStateUnsuitable
            }
            try parts.requireStrongestProof(context, transaction)
            let store = ExternalLoginStore(parts: parts)
            if let known = try store.lock(person, of: provider, transaction) {
                guard known.userID != session.userID else { return .linked(known) }
                try audit.append(Self.taken(provider, session), context, transaction)
                return .refused(.taken)
            }
            let own = try transaction.all(ListExternalLogins(user: session.userID))
            guard own.count < Self.maximumPerUser else { throw FlowError.tooManyAuthenticators }
            let login = try store.add(person, of: provider, to: session.userID, at: now, context, transaction)
            return .linked(login)
        }
        parts.outboxSignal.raise()
        return outcome
    }

    private static func taken(_ provider: ExternalProvider, _ session: Session) -> AuditEvent {
        AuditEvent(
            .externalRefused,
            outcome: .denied,
            reason: .externalRefused,
            subjectUser: session.userID,
            subjectID: provider.id.bytes,
            details: ["provider": provider.name, "rule": ExternalRefusal.taken.rawValue]
        )
    }
}
