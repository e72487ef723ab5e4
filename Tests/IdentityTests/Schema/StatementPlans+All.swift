import MariaDB

@testable import Identity

extension PlannedStatement {
    /// Users, sessions, callers, idempotency, leases and purge.
    static let ofIdentity: [PlannedStatement] =
        ofUsers + ofSearch + ofFilters + ofLifecycle + ofProfiles + ofExternalLogins
        + ofSessions + ofApplications + ofCallers + ofPurge + ofSignIn + ofMembership + ofTransfer
        + ofAudit + ofTexts + [
            PlannedStatement(ReadIdempotencyKey(keyHash: hash)), PlannedStatement(ReadLease(name: "purge")),
            PlannedStatement(ReadMetadataNumber()),
            PlannedStatement(TakeLease(name: "purge", holder: .zero, now: now, expiresAt: now)),
            PlannedStatement(StoreIdempotencyAnswer(keyHash: hash, answer: [], user: nil)),
        ]

    private static let now = Timestamp(microsecondsSinceEpoch: 1_800_000_000_000_000)
    private static let hash = [UInt8](repeating: 1, count: 32)
    private static let email = Array("user77@example.com".utf8)
    private static var tokenHash: TokenHash? {
        TokenHash(of: TokenText.make(.session, random: PlainRandom()).token, kind: .session)
    }

    private static var ofUsers: [PlannedStatement] {
        [
            PlannedStatement(UserByID.self, keys: (0..<8).map { PlanFilling.userID($0) }),
            PlannedStatement(LockUser(id: PlanFilling.userID(7))),
            PlannedStatement(UserByName(kind: .email, canonical: email)),
            PlannedStatement(ListUsers(after: PlanFilling.userID(500), limit: 51)),
            PlannedStatement(ListUsersInState(state: .disabled, after: PlanFilling.userID(500), limit: 51)),
            PlannedStatement(UsersPastDeletion(now: now)),
            PlannedStatement(DeleteSessionsOfUser(user: PlanFilling.userID(7))),
            PlannedStatement(DeleteFlowsOfUser(user: PlanFilling.userID(7))),
            PlannedStatement(DeleteFlowsForNamesOfUser(user: PlanFilling.userID(7))),
            PlannedStatement(ForgetAnswersAboutUser(user: PlanFilling.userID(7))),
            PlannedStatement(ListLockedUsers(after: PlanFilling.userID(500), now: now, limit: 51)),
            PlannedStatement(ListUsersPastLock(after: PlanFilling.userID(500), now: now, limit: 51)),
            PlannedStatement(DeleteThrottlesOfUser(user: PlanFilling.userID(7))),
            PlannedStatement(DeleteMessagesOfUser(user: PlanFilling.userID(7))),
        ] + (ExternalID("old-7").map { [PlannedStatement(UserByExternalID(externalID: $0))] } ?? [])
    }

    private static var ofSearch: [PlannedStatement] {
        guard let prefix = KeyPrefix(Array("user 77".utf8)) else { return [] }
        return [
            PlannedStatement(ReadUser(id: PlanFilling.userID(7))),
            PlannedStatement(UsersByNamePrefix(kind: .email, prefix: prefix, limit: 20)),
            PlannedStatement(UsersByExternalIDPrefix(prefix: prefix, limit: 20)),
            PlannedStatement(UsersByValuePrefix(attribute: 3, prefix: prefix, limit: 20)),
        ]
    }

    private static var ofProfiles: [PlannedStatement] {
        let user = PlanFilling.userID(7)
        return [
            PlannedStatement(ReadProfile(user: user)), PlannedStatement(LockProfileOwner(user: user)),
            PlannedStatement(LockProfile(user: user)), PlannedStatement(DeleteIndexEntries(user: user, attribute: 3)),
            PlannedStatement(DeleteUniqueValues(user: user, attribute: 3)),
            PlannedStatement(UserByUniqueValue(attribute: 3, valueHash: hash)), PlannedStatement(ShareSchemaVersion()),
            PlannedStatement(ReadSchemaVersion()), PlannedStatement(LockSchemaVersion()),
            PlannedStatement(RaiseSchemaVersion()), PlannedStatement(ReadSchema(version: 2)),
            PlannedStatement(ShareSchema(version: 2)),
            PlannedStatement(ListProfiles(after: user, limit: 500)),
            PlannedStatement(LockProfiles(after: user, limit: 200)), PlannedStatement(EmptyIndex(attribute: 4)),
            PlannedStatement(EmptyUniqueValues(attribute: 4)), PlannedStatement(ListProfileTasks()),
        ] + ofProfileTasks
    }

    private static var ofProfileTasks: [PlannedStatement] {
        guard let path = AttributePath("name") else { return [] }
        let task = ProfileTask(attribute: 3, kind: .fill, path: path, doneTo: .zero)
        return [PlannedStatement(AdvanceProfileTask(task: task)), PlannedStatement(DeleteProfileTask(task: task))]
    }

    private static var ofSessions: [PlannedStatement] {
        let user = PlanFilling.userID(7)
        let statements = [
            PlannedStatement(ListSessions(user: user, before: .greatest, now: now, limit: 51)),
            PlannedStatement(SessionOfUser(id: .zero, user: user)),
            PlannedStatement(LockSessionOwner(user: user)),
            PlannedStatement(LockOldestSessions(user: user, count: 1)),
            PlannedStatement(DeleteOtherSessions(user: user, kept: .zero)),
            PlannedStatement(SessionOwner(session: .zero)), PlannedStatement(LockSession(session: .zero)),
            PlannedStatement(
                UpdateSessionUse(session: .zero, use: LastUses.SessionUse(usedAt: now, idleExpiresAt: now))
            ),
        ]
        guard let tokenHash else { return statements }
        return statements + [
            PlannedStatement(SessionByToken.self, keys: [tokenHash, tokenHash]),
            PlannedStatement(LockSessionByToken(hash: tokenHash)),
            PlannedStatement(FindDevice(tokens: [tokenHash], user: user, now: now)),
            PlannedStatement(DeviceIsRecognised(device: .zero, user: user, now: now)),
            PlannedStatement(RenewDevice(device: .zero, user: user, now: now, policy: DevicePolicy())),
            PlannedStatement(LockRecognisedDevice(device: .zero, user: user, now: now)),
            PlannedStatement(CountDevices(user: user)), PlannedStatement(DeleteOldestDevices(user: user, count: 1)),
            PlannedStatement(DeleteDeviceOfSession(session: .zero)),
            PlannedStatement(DeleteOtherDevices(user: user, kept: .zero)),
            PlannedStatement(DeleteDevicesOfUser(user: user)),
        ]
    }

    private static var ofCallers: [PlannedStatement] {
        let statements = [
            PlannedStatement(CallerByCertificateName.self, keys: [Array("a.x".utf8), Array("b.x".utf8)]),
            PlannedStatement(ServiceAccountByID(id: .zero)), PlannedStatement(LockServiceAccount(id: .zero)),
            PlannedStatement(ListServiceAccounts(after: .zero, limit: 51)),
            PlannedStatement(FindUsableAdministrator(now: now)),
            PlannedStatement(UpdateServiceTokenUse(token: .zero, usedAt: now)),
        ]
        return statements + (tokenHash.map { [PlannedStatement(CallerByToken.self, keys: [$0, $0])] } ?? [])
    }

    private static var ofPurge: [PlannedStatement] {
        [
            PlannedStatement(PurgeIdleSessions(before: PlanFilling.long)),
            PlannedStatement(PurgeEndedSessions(before: PlanFilling.long)),
            PlannedStatement(PurgeFlows(before: PlanFilling.long)),
            PlannedStatement(PurgePendingTOTPDevices(before: PlanFilling.long)),
            PlannedStatement(PurgePasskeyChallenges(before: PlanFilling.long)),
            PlannedStatement(PurgeDevices(before: PlanFilling.long)),
            PlannedStatement(PurgeCodes(before: PlanFilling.long)),
            PlannedStatement(PurgeTickets(before: PlanFilling.long)),
            PlannedStatement(PurgeServiceTokens(before: PlanFilling.long)),
            PlannedStatement(PurgeIdempotencyKeys(before: PlanFilling.long)),
            PlannedStatement(PurgeThrottles(before: PlanFilling.long)),
            PlannedStatement(PurgeFailures(before: PlanFilling.long)),
            PlannedStatement(PurgeMessages(before: PlanFilling.long)),
            PlannedStatement(PurgeImportMarks(before: PlanFilling.long)),
        ]
    }
}
