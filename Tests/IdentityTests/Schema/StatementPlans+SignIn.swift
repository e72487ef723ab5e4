import MariaDB

@testable import Identity

extension PlannedStatement {
    /// Signing in, delivery and throttling, and the changes of single rows.
    static let ofSignIn: [PlannedStatement] = ofFlows + ofPasswords + ofCodes + ofDelivery + ofThrottling + ofSingleRows

    private static let now = Timestamp(microsecondsSinceEpoch: 1_800_000_000_000_000)
    private static let hash = [UInt8](repeating: 1, count: 32)
    private static let email = Array("user77@example.com".utf8)
    private static let user = PlanFilling.userID(7)
    private static let value = SignInIdentity.UniqueValue(attribute: 3, hash: [UInt8](repeating: 1, count: 32))

    private static var ofFlows: [PlannedStatement] {
        let statements = [
            PlannedStatement(FindOwner(kind: .email, canonical: email)),
            PlannedStatement(FindOwnerOfValue(value: value)), PlannedStatement(LockOwnerOfValue(value: value)),
            PlannedStatement(ListPasskeys(user: user)), PlannedStatement(LockCredential(credentialID: hash)),
            PlannedStatement(LockPasskey(passkey: .zero)), PlannedStatement(ReadUserHandle(user: user)),
            PlannedStatement(SuspectPasskey(passkey: .zero, now: now)),
            PlannedStatement(RenamePasskey(passkey: .zero, name: "")), PlannedStatement(DeletePasskey(passkey: .zero)),
            PlannedStatement(TakePasskeyChallenge(owner: user.bytes, purpose: .signIn)),
            PlannedStatement(DeletePasskeyChallenge(owner: user.bytes, purpose: .signIn)),
            PlannedStatement(LockTOTPDevices(user: user)), PlannedStatement(ListTOTPDevices(user: user)),
            PlannedStatement(LockTOTPDevice(device: .zero)), PlannedStatement(ReadEnrolment(user: user, now: now)),
            PlannedStatement(ConfirmTOTPDevice(device: .zero, step: 1, now: now)),
            PlannedStatement(UseTOTPStep(device: .zero, step: 1, now: now)),
            PlannedStatement(RenameTOTPDevice(device: .zero, name: "")),
            PlannedStatement(DeleteTOTPDevice(device: .zero)),
            PlannedStatement(DeviceIsRemembered(device: .zero, user: user, now: now)),
            PlannedStatement(RememberDevice(device: .zero, until: now)),
            PlannedStatement(ForgetRememberedDevices(user: user)),
            PlannedStatement(LockOwner(kind: .email, canonical: email)), PlannedStatement(ProvedAddresses(user: user)),
            PlannedStatement(ProvedPhones(user: user)), PlannedStatement(NamesToProve(user: user)),
        ]
        let made = TokenText.make(.flowHandle, random: PlainRandom()).token
        guard let handle = TokenHash(of: made, kind: .flowHandle) else { return statements }
        return statements + [PlannedStatement(LockFlow(handle: handle)), PlannedStatement(ReadFlow(handle: handle))]
    }

    private static var ofPasswords: [PlannedStatement] {
        [
            PlannedStatement(ReadPassword(user: user)), PlannedStatement(LockPassword(user: user)),
            PlannedStatement(DemandPasswordReset(user: user, now: now)), PlannedStatement(DeletePassword(user: user)),
            PlannedStatement(ListFormerPasswords(user: user, limit: 5)),
            PlannedStatement(OldestKeptPassword(user: user, count: 5)),
            PlannedStatement(DeleteFormerPasswords(user: user, before: now)),
            PlannedStatement(NamesOfUser(user: user)), PlannedStatement(ListRecoveryCodes(user: user)),
            PlannedStatement(CountRecoveryCodes(user: user)), PlannedStatement(UseRecoveryCode(code: .zero)),
            PlannedStatement(DeleteRecoveryCodes(user: user)),
            PlannedStatement(ReadWaysIn(user: user, withPhones: true)),
            PlannedStatement(NotePasswordLength(user: user, isLong: true)),
            PlannedStatement(AccountWasUsed(user: user)),
        ]
    }

    private static var ofCodes: [PlannedStatement] {
        let binding = CodeBinding(flowID: .zero, purpose: .signIn, addressKind: .email, addressCanonical: email)
        return [
            PlannedStatement(TakeTry(binding: binding, maximumTries: 4, now: now)),
            PlannedStatement(ReadCode(flowID: .zero, purpose: .signIn)),
            PlannedStatement(ConsumeCode(flowID: .zero, purpose: .signIn, now: now)),
            PlannedStatement(DeleteCodes(flowID: .zero)),
        ]
    }

    private static var ofDelivery: [PlannedStatement] {
        [
            PlannedStatement(SelectDueMessages(now: now, limit: 8)), PlannedStatement(NextDue()),
            PlannedStatement(ClaimMessage(id: .zero, attempts: 0, until: now)),
            PlannedStatement(FinishMessage(id: .zero, attempts: 1, state: .delivered, error: "", now: now)),
            PlannedStatement(PostponeMessage(id: .zero, attempts: 1, until: now, error: "")),
        ]
    }

    private static var ofThrottling: [PlannedStatement] {
        [
            PlannedStatement(ListThrottles(user: user)), PlannedStatement(DeleteThrottles(user: user)),
            PlannedStatement(ForgetFailures(hash: hash)), PlannedStatement(ForgiveFailuresInARow(hashes: [hash])),
            PlannedStatement(FailuresInARow(hashes: [hash])),
            PlannedStatement(BlockedUntil(hash: hash, now: now)),
            PlannedStatement(UserIsThere(user: user)),
        ]
    }

    private static var ofSingleRows: [PlannedStatement] {
        [
            PlannedStatement(VerifyIdentifier(id: .zero, user: user, now: now)),
            PlannedStatement(BumpUserRevision(user: user, now: now)), PlannedStatement(DeleteUserRow(user: user)),
            PlannedStatement(DeleteSession(session: .zero)), PlannedStatement(DeleteServiceAccount(id: .zero)),
            PlannedStatement(DeleteServiceToken(id: .zero, account: .zero)),
            PlannedStatement(DeleteCertificateNames(account: .zero)),
            PlannedStatement(DeleteLease(name: "purge", holder: .zero)), PlannedStatement(TakeAdministratorGuard()),
            PlannedStatement(
                ReclaimIdempotencyKey(
                    claim: ClaimIdempotencyKey(keyHash: hash, bodyHash: hash, now: now, expiresAt: now)
                )
            ),
        ]
    }
}
