package import Cryptography
import MariaDB

/// Hands a sign-in to an application on another domain: a ticket goes with the browser, and its back end redeems it for a session
/// (PRODUCT section 7).
package struct TicketFlows: Sendable {
    let parts: CoreParts

    /// How long a ticket is good.
    static let lifetime: Duration = .seconds(60)

    /// Makes a ticket of a live session for an application, if that session is enough for it.
    ///
    /// Throws `hand_over_refused` when the application is unknown or not served, the address is not one of its own, or the
    /// challenge is missing: the browser is led nowhere then. `session` is nil when a new sign-in is wanted in any case.
    package func handOver(
        _ request: HandOverRequest,
        session token: SecretBytes?,
        _ context: CallContext
    ) async throws(FlowError) -> HandOver {
        let application = try await application(of: request, context)
        let demand = max(request.demand, application.demand)
        guard let token, let session = try await usable(token, for: request, demand, context) else {
            return .signInNeeded(demand, application: application.name)
        }
        let (ticket, hash) = TokenText.make(.ticket, random: parts.random)
        let now = parts.clock.now()
        let row = StoredTicket(
            id: parts.makeID(),
            applicationID: application.id,
            userID: session.userID,
            sessionID: session.id,
            returnAddress: Array(request.returnAddress.utf8),
            challenge: request.challenge,
            createdAt: now,
            expiresAt: now + Self.lifetime
        )
        let audit = AuditStore(parts: parts)
        let event = AuditEvent(
            .ticketIssued,
            subjectUser: session.userID,
            subjectID: application.id.bytes,
            session: session.id
        )
        try await parts.transaction(context) { transaction in
            try transaction.execute(InsertTicket(ticket: row, hash: hash))
            try audit.append(event, context, transaction)
        }
        return .ticket(ticket, application: application.name)
    }

    /// Where signing out may lead for an application: its name, if the address is one that it registered for that.
    package func signedOutTarget(
        application id: String,
        address: String,
        _ context: CallContext
    ) async throws(FlowError) -> String? {
        guard let id = ApplicationID(text: id),
            let application = try await parts.find(ApplicationByID.self, id, context), application.isServed,
            application.signedOutAddresses.contains(where: { $0.utf8.elementsEqual(address.utf8) })
        else { return nil }
        return application.name
    }

    private func application(
        of request: HandOverRequest,
        _ context: CallContext
    ) async throws(FlowError) -> Application {
        guard let application = try await parts.find(ApplicationByID.self, request.application, context),
            application.isServed, application.returns(to: request.returnAddress),
            request.challenge != nil || application.allowsMissingChallenge
        else { throw .handOverRefused }
        return application
    }

    /// The person's own live session, if it reaches what is demanded and its last proof is young enough.
    private func usable(
        _ token: SecretBytes,
        for request: HandOverRequest,
        _ demand: AssuranceDemand,
        _ context: CallContext
    ) async throws(FlowError) -> Session? {
        let session: Session
        do throws(FlowError) {
            session = try await SessionFlows(parts: parts).live(token, context)
        } catch {
            guard error.code == .unauthenticated else { throw error }
            return nil
        }
        let age = parts.clock.now() - session.authenticatedAt
        let isYoung = request.maximumAge.map { age >= .zero && age <= $0 } ?? true
        return session.isHandedOver(under: demand) && isYoung ? session : nil
    }
}

extension Session {
    /// Whether it may be handed over: a whole session of the person's own that reaches what is demanded.
    func isHandedOver(under demand: AssuranceDemand) -> Bool {
        !isRestricted && applicationID == nil && demand.isMet(by: self)
    }
}

extension FlowError {
    /// One answer for all that is wrong with the request: whoever wrote the address finds out from its parts.
    static let handOverRefused = FlowError(
        .failedPrecondition,
        reason: .handOverRefused,
        message: "no such application, or not one of its addresses, or no challenge"
    )
}
