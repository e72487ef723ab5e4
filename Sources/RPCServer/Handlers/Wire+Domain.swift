internal import Identity
internal import MariaDB
internal import Wire

// The domain's values in the wire's terms.

extension Timestamp {
    /// Nil only outside of the years 1 to 9999, which the database cannot hold.
    var wire: WireTimestamp? { WireTimestamp(microsecondsSinceEpoch: microsecondsSinceEpoch) }
}

extension Wire.User {
    init(_ user: Identity.User) {
        self.init(
            id: user.id.description,
            state: Wire.UserState(user.state),
            stateReason: user.stateReason,
            lockedUntil: user.lockedUntil?.wire,
            deleteAfter: user.deleteAfter?.wire,
            externalID: user.externalID ?? "",
            identifiers: user.identifiers.map(Wire.Identifier.init),
            revision: user.revision,
            createTime: user.createdAt.wire,
            updateTime: user.updatedAt.wire,
            stateChange: user.stateChange.map(Wire.StateChange.init)
        )
    }
}

extension Wire.StateChange {
    init(_ change: Identity.StateChange) {
        let id = change.actorID.flatMap(ServiceAccountID.init(bytes:))?.description
        self.init(changeTime: change.changedAt.wire, actorKind: change.actor.wireName, actorID: id ?? "")
    }
}

extension Identity.StateChange.Actor {
    /// As the wire names it.
    var wireName: String {
        switch self {
        case .serviceAccount: "service_account"
        case .user: "user"
        case .server: "server"
        }
    }
}

extension Wire.Identifier {
    init(_ identifier: UserIdentifier) {
        self.init(
            id: identifier.id.description,
            kind: Wire.IdentifierKind(identifier.kind),
            value: identifier.value,
            verifyTime: identifier.verifiedAt?.wire,
            primary: identifier.isPrimary
        )
    }
}

extension Wire.UserState {
    init(_ state: Identity.UserState) {
        self =
            switch state {
            case .active: .active
            case .disabled: .disabled
            case .locked: .locked
            case .pendingDeletion: .pendingDeletion
            }
    }

    /// Nil for unspecified.
    var domain: Identity.UserState? {
        switch self {
        case .unspecified: nil
        case .active: .active
        case .disabled: .disabled
        case .locked: .locked
        case .pendingDeletion: .pendingDeletion
        }
    }
}

extension Wire.IdentifierKind {
    init(_ kind: Identity.IdentifierKind) {
        self =
            switch kind {
            case .email: .email
            case .phone: .phone
            case .username: .username
            }
    }

    /// Nil for unspecified.
    var domain: Identity.IdentifierKind? {
        switch self {
        case .unspecified: nil
        case .email: .email
        case .phone: .phone
        case .username: .username
        }
    }
}

extension Wire.Session {
    init(_ session: Identity.Session) {
        self.init(
            id: session.id.description,
            userID: session.userID.description,
            assuranceLevel: session.level == .aal1 ? .aal1 : .aal2,
            authenticationMethods: session.methods,
            createTime: session.createdAt.wire,
            authenticateTime: session.authenticatedAt.wire,
            lastUseTime: session.lastUsedAt.wire,
            idleExpireTime: session.idleExpiresAt.wire,
            expireTime: session.expiresAt.wire,
            sourceAddress: session.sourceAddress ?? "",
            userAgent: session.userAgent,
            restricted: session.isRestricted,
            authenticateLevel: session.provedLevel == .aal1 ? .aal1 : .aal2,
            applicationID: session.applicationID?.description ?? ""
        )
    }
}

extension Wire.ServiceAccount {
    init(_ account: Identity.ServiceAccount) {
        self.init(
            id: account.id.description,
            name: account.name,
            description: account.description,
            scopes: account.scopes.names,
            disabled: account.isDisabled,
            certificateNames: account.certificateNames,
            tokens: account.tokens.map(Wire.ServiceToken.init),
            revision: account.revision,
            createTime: account.createdAt.wire,
            updateTime: account.updatedAt.wire
        )
    }
}

extension Wire.ServiceToken {
    init(_ token: Identity.ServiceToken) {
        self.init(
            id: token.id.description,
            createTime: token.createdAt.wire,
            expireTime: token.expiresAt.wire,
            lastUseTime: token.lastUsedAt?.wire
        )
    }
}

extension Wire.SignInFlow {
    init(_ view: SignInView) {
        self.init(
            id: view.id.description,
            expireTime: view.expiresAt.wire,
            nextSteps: view.steps.map(Wire.SignInStep.init),
            stepUp: view.isConfirmation,
            reasons: view.reasons.map(\.rawValue)
        )
    }
}

extension Wire.SignInStep {
    init(_ step: Identity.SignInStep) {
        switch step {
        case .identify: self.init(kind: .identify(IdentifyStep()))
        case .totp: self.init(kind: .totp(TotpStep()))
        case .passkey: self.init(kind: .passkey(PasskeyStep()))
        case .sendCode(let address): self.init(kind: .sendCode(SendCodeStep(maskedAddress: address)))
        case .password: self.init(kind: .password(PasswordStep()))
        case .recoveryCode: self.init(kind: .recoveryCode(RecoveryCodeStep()))
        case .code(let code):
            self.init(
                kind: .code(
                    Wire.CodeStep(
                        maskedAddress: code.maskedAddress,
                        length: code.length,
                        expireTime: code.expiresAt.wire,
                        resendTime: code.resendAt.wire
                    )
                )
            )
        }
    }
}
