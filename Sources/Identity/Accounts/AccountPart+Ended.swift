import MariaDB

// What ends when accounts are merged; the sessions of both do.
extension AccountPart {
    /// The target keeps its own, which are bound to it.
    static let recoveryCodes = AccountPart(
        name: "recoveryCodes",
        tables: ["recovery_codes"],
        export: { user, transaction in
            .object(["remaining": .number(try transaction.first(CountRecoveryCodes(user: user)).map { Int64($0) } ?? 0)]
            )
        }
    )

    static let sessions = AccountPart(
        name: "sessions",
        tables: ["sessions"],
        export: { user, transaction in
            .list(
                try transaction.all(ExportSessions(user: user)).map { session in
                    .object([
                        "startedAt": .time(session.createdAt), "lastUsedAt": .time(session.lastUsedAt),
                        "provedAt": .time(session.authenticatedAt), "expiresAt": .time(session.expiresAt),
                        "methods": .text(session.methods), "browser": .text(session.userAgent),
                        "sourceAddress": .optional(session.sourceAddress),
                        "application": .optional(session.application),
                    ])
                }
            )
        }
    )

    /// Sign-ins on their way to applications; what came of them is among the sessions.
    static let tickets = AccountPart(
        name: "applicationSignIns",
        tables: ["tickets"],
        export: { user, transaction in
            .list(
                try transaction.all(ExportTickets(user: user)).map { ticket in
                    .object([
                        "application": .text(ticket.application), "issuedAt": .time(ticket.issuedAt),
                        "redeemedAt": .time(ticket.redeemedAt),
                    ])
                }
            )
        }
    )

    static let devices = AccountPart(
        name: "devices",
        tables: ["devices"],
        export: { user, transaction in
            .list(
                try transaction.all(ExportDevices(user: user)).map { device in
                    .object([
                        "firstSeenAt": .time(device.createdAt), "lastUsedAt": .time(device.lastUsedAt),
                        "rememberedUntil": .time(device.rememberedUntil),
                    ])
                }
            )
        }
    )

    static let signIns = AccountPart(
        name: "signIns",
        tables: ["sign_in_flows"],
        export: { user, transaction in
            .list(
                try transaction.all(ExportSignIns(user: user)).map { flow in
                    .object([
                        "begunAt": .time(flow.createdAt), "identifier": .optional(flow.identifier),
                        "browser": .text(flow.userAgent), "sourceAddress": .optional(flow.sourceAddress),
                    ])
                }
            )
        }
    )

    static let claims = AccountPart(
        name: "addressesToProve",
        tables: ["identifier_claims"],
        export: { user, transaction in
            .list(try transaction.all(ReadClaims(user: user)).map { .object(["value": .text($0.name.value)]) })
        }
    )

    static let undos = AccountPart(
        name: "addressChanges",
        tables: ["identifier_undos"],
        export: { user, transaction in
            .list(
                try transaction.all(ExportUndos(user: user)).map { undo in
                    .object(["removed": .optional(undo.value), "changedAt": .time(undo.changedAt)])
                }
            )
        }
    )

    static let messages = AccountPart(
        name: "messages",
        tables: ["outbox"],
        export: { user, transaction in
            .list(
                try transaction.all(ExportMessages(user: user)).map { message in
                    .object(["writtenAt": .time(message.createdAt), "finishedAt": .time(message.finishedAt)])
                }
            )
        }
    )

    /// Counts of tries; they tell administrators, and go with the account.
    static let throttles = AccountPart(name: nil, tables: ["throttles"])

    /// Answers kept for replays: copies of the rest, sealed.
    static let answers = AccountPart(name: nil, tables: ["idempotency_keys"])

    /// From which row of an import the account came; nothing of it can be read back.
    static let importMarks = AccountPart(name: nil, tables: ["user_imports"])
}
