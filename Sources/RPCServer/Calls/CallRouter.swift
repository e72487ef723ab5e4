internal import Cryptography
internal import Identity
internal import Logging
internal import MariaDB
internal import Metrics
internal import Wire

/// Takes a call through everything it must pass, to its handler, and its outcome back to a frame.
///
/// In this order: metadata, credentials, method, rights, step-up, size, decoding, handler. A stranger therefore learns
/// nothing about which methods exist (SECURITY RPC-04).
final class CallRouter: Sendable {
    struct Route: Sendable {
        let method: MethodDescriptor
        let entry: HandlerTable<CallContext>.Entry
        let timer: Metrics.Timer
    }

    let core: IdentityCore
    let limits: RPCLimits
    private let routes: [String: Route]
    private let log: CallLog

    /// Registers every method of the interface.
    ///
    /// - Parameters:
    ///   - core: The domain.
    ///   - configuration: Limits, and the program's version.
    ///   - health: For the methods that tell of it.
    ///   - logger: For calls that fail.
    ///   - more: Registers further methods and names them; for tests.
    init(
        core: IdentityCore,
        configuration: RPCServerConfiguration,
        health: HealthState,
        logger: Logger,
        more: (inout HandlerTable<CallContext>) -> [MethodDescriptor] = { _ in [] }
    ) {
        self.core = core
        limits = configuration.limits
        log = CallLog(logger: logger)
        var table = HandlerTable<CallContext>()
        UserHandlers(users: core.users).register(into: &table)
        IdentifierHandlers(identifiers: core.identifiers).register(into: &table)
        InvitationHandlers(core: core).register(into: &table)
        ProfileHandlers(profiles: core.profiles, schema: core.profileSchema).register(into: &table)
        ClaimHandlers(claims: core.claims).register(into: &table)
        SessionHandlers(sessions: core.sessions).register(into: &table)
        SignInHandlers(signIn: core.signIn).register(into: &table)
        TOTPHandlers(totp: core.totp).register(into: &table)
        PasskeyHandlers(passkeys: core.passkeys).register(into: &table)
        PasswordHandlers(passwords: core.passwords).register(into: &table)
        ProviderHandlers(providers: core.providers).register(into: &table)
        ExternalLoginHandlers(logins: core.externalLogins).register(into: &table)
        ThrottleHandlers(throttles: core.throttles).register(into: &table)
        RecoveryCodeHandlers(recoveryCodes: core.recoveryCodes).register(into: &table)
        RoleHandlers(roles: core.roles).register(into: &table)
        GroupHandlers(groups: core.groups).register(into: &table)
        MembershipHandlers(membership: core.membership).register(into: &table)
        ApplicationHandlers(applications: core.applications).register(into: &table)
        TicketHandlers(tickets: core.tickets).register(into: &table)
        ServiceAccountHandlers(serviceAccounts: core.serviceAccounts).register(into: &table)
        TransferHandlers(imports: core.imports, exports: core.exports).register(into: &table)
        AuditHandlers(audit: core.audit).register(into: &table)
        ServerHandlers(health: health, version: configuration.version).register(into: &table)
        let others = more(&table)
        routes = Dictionary(
            uniqueKeysWithValues: (MethodTable.all + others).compactMap { method in
                table.entry(for: method).map { entry in
                    let timer = Metrics.Timer(label: "gatehouse_rpc_call", dimensions: [("method", method.fullName)])
                    return (method.fullName, Route(method: method, entry: entry, timer: timer))
                }
            }
        )
    }

    /// Serves one call and returns the frame that ends it; only calls that succeed are timed.
    func answer(_ call: CallInFlight, on connection: Connection) async -> Frame {
        let start = ContinuousClock.now
        let metadata = CallMetadata(call.frame.metadata)
        let route = route(call.frame.method)
        do {
            let frame = try await serve(call, route, metadata, on: connection)
            route?.timer.recordNanoseconds(start.nanosecondsUntilNow)
            return frame
        } catch {
            let status = Status(error, requestID: metadata.requestID)
            let name = call.frame.method
            log.note(status, of: name, isKnown: route != nil, metadata, cause: error, from: connection.address)
            return Self.frame(of: call.frame.callID, status, isStream: route?.method.kind.endsWithEnd == true)
        }
    }

    private func serve(
        _ call: CallInFlight,
        _ route: Route?,
        _ metadata: CallMetadata,
        on connection: Connection
    ) async throws -> Frame {
        let frame = call.frame
        guard frame.metadata.count <= limits.metadataEntries else { throw CallRefusal.tooMuchMetadata }
        guard !metadata.hasDuplicates else { throw CallRefusal.duplicateMetadata }
        var context = context(of: frame, route?.method.kind, metadata, on: connection)
        if route?.method.permission != Permission.public {
            context.actor = try await CallerAuthenticator(core: core).actor(metadata, connection, context)
            connection.noteAuthentication()
        }
        guard let route else { throw CallRefusal.unknownMethod }
        try await authorize(route.method, context)
        guard frame.message.count <= route.method.maximumRequestBytes else { throw WireError(.tooLarge) }
        guard case .unary(let handle) = route.entry else {
            return try await serveStream(call, route, metadata, context, on: connection)
        }
        if !route.method.isReadOnly { context.idempotency = try metadata.idempotency(of: frame) }
        let message = try await handle(frame.message, context)
        return .reply(ReplyFrame(callID: frame.callID, message: message))
    }

    /// The rights a method declares; every refusal is in the audit trail.
    func authorize(_ method: MethodDescriptor, _ context: CallContext) async throws {
        do {
            try core.callers.authorize(
                context,
                permission: method.permission,
                allowsOwn: method.userAccess == .own
            )
        } catch {
            try await core.callers.recordDenial(error, permission: method.permission, context)
            throw error
        }
        if method.stepUp == .fresh { try await core.callers.requireFreshProof(context) }
    }

    private func context(
        of call: CallFrame,
        _ kind: MethodDescriptor.Kind?,
        _ metadata: CallMetadata,
        on connection: Connection
    ) -> CallContext {
        let isStream = kind.map { $0 != .unary } ?? false
        let longest = isStream ? limits.maximumStreamTimeout : limits.maximumTimeout
        let usual = isStream ? limits.maximumStreamTimeout : limits.defaultTimeout
        let wanted = call.timeoutMilliseconds == 0 ? usual : .milliseconds(Int64(call.timeoutMilliseconds))
        return CallContext(
            actor: .anonymous,
            source: connection.address.flatMap { SourceAddress($0) },
            requestID: metadata.requestID,
            deadline: .after(min(wanted, longest))
        )
    }

    /// By exact bytes: a dictionary takes canonically equivalent texts for equal, so the name is compared again.
    private func route(_ name: String) -> Route? {
        guard let route = routes[name], route.method.fullName.utf8.elementsEqual(name.utf8) else { return nil }
        return route
    }

    private static func frame(of callID: UInt64, _ status: Status, isStream: Bool) -> Frame {
        isStream
            ? .end(EndFrame(callID: callID, status: status)) : .reply(ReplyFrame(callID: callID, status: status))
    }
}

extension MethodDescriptor.Kind {
    /// Whether its calls end with an `End` of the server rather than with a `Reply`.
    fileprivate var endsWithEnd: Bool { self == .serverStreaming || self == .bidirectionalStreaming }
}

extension ContinuousClock.Instant {
    fileprivate var nanosecondsUntilNow: Int64 {
        let (seconds, attoseconds) = (ContinuousClock.now - self).components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
