import MariaDB

// What the target of a merge gets.
extension AccountPart {
    /// Names; the target's main ones stay that.
    static let identifiers = AccountPart(
        name: "identifiers",
        tables: ["user_identifiers"],
        move: { merge, transaction in
            let (source, target) = (merge.source, merge.target)
            var own = target.identifiers
            let hasBoth = [source, target].allSatisfy { $0.identifiers.contains { $0.kind == .username } }
            if hasBoth {
                let loser = merge.choices.username == .source ? target : source
                for name in loser.identifiers where name.kind == .username {
                    try transaction.execute(DeleteIdentifier(id: name.id, user: loser.id))
                    own.removeAll { $0.id == name.id }
                }
            }
            for name in source.identifiers
            where !(hasBoth && name.kind == .username && merge.choices.username != .source) {
                let isPrimary = name.isPrimary && !own.contains { $0.kind == name.kind }
                try transaction.execute(MoveIdentifier(id: name.id, target: target.id, isPrimary: isPrimary))
                own.append(name)
            }
            guard own.count <= IdentifierFlows.maximumPerUser else { throw FlowError.tooManyIdentifiers }
        },
        export: { user, transaction in
            .list(
                try transaction.all(ExportIdentifiers(user: user)).map { identifier, createdAt in
                    .object([
                        "kind": .text(identifier.kind.noun), "value": .text(identifier.value),
                        "primary": .flag(identifier.isPrimary), "verifiedAt": .time(identifier.verifiedAt),
                        "addedAt": .time(createdAt),
                    ])
                }
            )
        }
    )

    /// Authenticator apps, sealed anew for their new owner; what was never confirmed ends.
    static let totpDevices = AccountPart(
        name: "authenticatorApps",
        tables: ["totp_devices"],
        move: { merge, transaction in
            let own = try transaction.all(ListTOTPDevices(user: merge.target.id))
            let moved = try transaction.all(LockTOTPDevices(user: merge.source.id))
            guard own.count + moved.count <= merge.parts.policy.totp.maximumPerUser else {
                throw FlowError.tooManyAuthenticators
            }
            let store = TOTPStore(parts: merge.parts)
            for row in moved { try store.move(row, to: merge.target.id, transaction) }
        },
        export: { user, transaction in
            .list(
                try transaction.all(ListTOTPDevices(user: user)).map { row in
                    .object([
                        "name": .text(row.device.name), "addedAt": .time(row.device.createdAt),
                        "confirmedAt": .time(row.device.confirmedAt), "lastUsedAt": .time(row.device.lastUsedAt),
                    ])
                }
            )
        }
    )

    /// Passkeys, with the handle under which they were registered.
    static let passkeys = AccountPart(
        name: "passkeys",
        tables: ["passkeys", "user_handles"],
        move: { merge, transaction in
            let (source, target) = (merge.source.id, merge.target.id)
            let own = try transaction.all(ListPasskeys(user: target))
            let moved = try transaction.all(ListPasskeys(user: source))
            guard own.count + moved.count <= merge.parts.policy.passkeys.maximumPerUser else {
                throw FlowError.tooManyAuthenticators
            }
            guard !moved.isEmpty else { return }
            if try transaction.first(ReadUserHandle(user: target)) == nil {
                try transaction.execute(MoveUserHandle(source: source, target: target))
            }
            for row in moved {
                try transaction.execute(MovePasskey(passkey: row.passkey.id, target: target, handle: row.handle))
            }
        },
        export: { user, transaction in
            .list(
                try transaction.all(ListPasskeys(user: user)).map { row in
                    .object([
                        "name": .text(row.passkey.name), "model": .optional(row.passkey.model),
                        "addedAt": .time(row.passkey.createdAt), "lastUsedAt": .time(row.passkey.lastUsedAt),
                        "backedUp": .flag(row.passkey.isBackedUp),
                    ])
                }
            )
        }
    )

    /// The password; where both have one, the one that was chosen, with the former ones of its account.
    static let passwords = AccountPart(
        name: "password",
        tables: ["passwords", "former_passwords"],
        move: { merge, transaction in
            let (source, target) = (merge.source.id, merge.target.id)
            guard try transaction.first(LockPassword(user: source)) != nil else { return }
            if try transaction.first(LockPassword(user: target)) != nil {
                guard merge.choices.password == .source else { return }
                try transaction.execute(DeletePassword(user: target))
                try transaction.execute(DeleteAllFormerPasswords(user: target))
            }
            try transaction.execute(MovePassword(source: source, target: target))
            try transaction.execute(MoveFormerPasswords(source: source, target: target))
        },
        export: { user, transaction in
            guard let password = try transaction.first(ReadPassword(user: user)) else { return .null }
            return .object(["changedAt": .time(password.changedAt), "resetDemandedAt": .time(password.resetDemandedAt)])
        }
    )

    /// Logins at providers; each is one person's wherever it is.
    static let externalLogins = AccountPart(
        name: "externalLogins",
        tables: ["external_logins"],
        move: { merge, transaction in
            try transaction.execute(MoveExternalLogins(source: merge.source.id, target: merge.target.id))
        },
        export: { user, transaction in
            .list(
                try transaction.all(ListExternalLogins(user: user)).map { login in
                    .object([
                        "provider": .text(login.provider.name), "issuer": .text(login.issuer),
                        "subject": .text(login.subject), "label": .text(login.label),
                        "linkedAt": .time(login.createdAt), "lastUsedAt": .time(login.lastUsedAt),
                    ])
                }
            )
        }
    )

    /// Where somebody's invitation led.
    static let invitations = AccountPart(
        name: "invitations",
        tables: ["invitations"],
        move: { merge, transaction in
            try transaction.execute(MoveInvitations(source: merge.source.id, target: merge.target.id))
        },
        export: { user, transaction in
            .list(
                try transaction.all(InvitationsOfUser(user: user)).map { row in
                    .object([
                        "email": .text(row.invitation.email), "invitedAt": .time(row.invitation.createdAt),
                        "acceptedAt": .time(row.invitation.acceptedAt),
                    ])
                }
            )
        }
    )
}
