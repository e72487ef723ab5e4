import MariaDB

// Authorisation in the core, the same for both faces (SECURITY RPC-05). Faces check too; this is the last word.
extension CallContext {
    /// Demands a permission that no user has by himself.
    func require(_ permission: Permission) throws(FlowError) {
        switch actor {
        case .system: return
        case .serviceAccount(let caller) where caller.scopes.allows(permission.rawValue): return
        case .anonymous: throw .credentialsMissing
        case .serviceAccount, .user: throw .permissionMissing
        }
    }

    /// Demands to be this user, or a permission.
    ///
    /// A user asking for another is told that there is none.
    func requireAccess(to user: UserID, _ permission: Permission) throws(FlowError) {
        if case .user(let session, _) = actor {
            guard session.userID == user else { throw .notFound }
            guard !session.isRestricted else { throw .sessionRestricted }
            return
        }
        try require(permission)
    }

    /// The session of the person who calls; nobody else sets up authenticators.
    ///
    /// `repairing`: a session that was begun to repair the account will do.
    func requirePerson(repairing: Bool = false) throws(FlowError) -> Session {
        switch actor {
        case .user(let session, _):
            guard repairing || !session.isRestricted else { throw .sessionRestricted }
            guard session.applicationID == nil else { throw .sessionOfApplication }
            return session
        case .anonymous: throw .credentialsMissing
        case .serviceAccount, .system: throw .permissionMissing
        }
    }

    /// The rights that may be passed on: the actor's own.
    var heldScopes: ScopeSet {
        switch actor {
        case .system: .all
        case .serviceAccount(let caller): caller.scopes
        case .anonymous, .user: .none
        }
    }

    /// Bytes that tell this caller from all others, for what is bound to a caller.
    var callerKey: [UInt8] {
        switch actor {
        case .anonymous: [0]
        case .serviceAccount(let caller): [1] + caller.id.bytes
        case .user(let session, let via): [2] + session.userID.bytes + (via?.id.bytes ?? [])
        case .system: [3]
        }
    }

    /// The same for one step of long work, which has its own, nearer deadline.
    package func limited(to duration: Duration) -> CallContext {
        var step = self
        step.deadline = min(deadline, .after(duration))
        return step
    }

    /// What the server does by itself.
    static func system(requestID: String = "", deadline: Deadline = .default) -> CallContext {
        CallContext(actor: .system, requestID: requestID, deadline: deadline)
    }
}
