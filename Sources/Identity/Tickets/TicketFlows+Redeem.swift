package import Cryptography
import MariaDB

extension TicketFlows {
    /// What somebody brings to have a ticket redeemed.
    package struct Redemption: Sendable {
        package let ticket: SecretBytes
        /// The address that the ticket came to.
        package let returnAddress: String
        /// The secret of the challenge; empty when there was none.
        package let verifier: SecretBytes
        /// How old the person's last proof of identity may be; nil: as old as the session lives.
        package let maximumAge: Duration?
        /// What the person's session must reach, beside what the application demands of everybody.
        package let demand: AssuranceDemand

        /// The last two are what the application asked for by the address that it sent the browser to, which the browser
        /// can have changed.
        package init(
            ticket: SecretBytes,
            returnAddress: String,
            verifier: SecretBytes,
            maximumAge: Duration? = nil,
            demand: AssuranceDemand = .nothing
        ) {
            self.ticket = ticket
            self.returnAddress = returnAddress
            self.verifier = verifier
            self.maximumAge = maximumAge
            self.demand = demand
        }
    }

    /// Redeems a ticket, once, for a session of the application's own.
    ///
    /// The session lives no longer than the person's own, and ends with it when that is signed out or revoked (SECURITY
    /// SE-06). Whoever comes second is refused and ends what the first one got, because one of both stole it. Throws
    /// `ticket_invalid` for all that is wrong with it, also when the person's session is older or less than is wanted.
    package func redeem(_ redemption: Redemption, _ context: CallContext) async throws(FlowError) -> RedeemedTicket {
        try context.require(.ticketsRedeem)
        guard case .serviceAccount(let caller) = context.actor else { throw .permissionMissing }
        guard redemption.maximumAge.map({ $0 >= .zero }) ?? true else {
            throw .invalid("maximum_age", .fieldInvalid, "not less than nothing")
        }
        guard let hash = TokenHash(of: redemption.ticket, kind: .ticket) else { throw .ticketInvalid }
        let flows = self
        let outcome = try await parts.mutate(context) { transaction -> TicketOutcome in
            guard let ticket = try transaction.first(LockTicket(hash: hash)) else { throw FlowError.ticketInvalid }
            let application = try transaction.first(ShareApplication(id: ticket.applicationID))
            guard let application, application.isServed, application.serviceAccountID == caller.id else {
                return try flows.refuse(ticket, .ticketRefused, context, transaction)
            }
            return try flows.redeem(ticket, redemption, application, context, transaction)
        }
        guard case .redeemed(let redeemed) = outcome else { throw .ticketInvalid }
        return redeemed
    }

    /// Uses the ticket up, whatever comes of it, and makes the session if everything about it is right.
    private func redeem(
        _ ticket: StoredTicket,
        _ redemption: Redemption,
        _ application: Application,
        _ context: CallContext,
        _ transaction: Transaction
    ) throws -> TicketOutcome {
        let now = parts.clock.now()
        guard try transaction.execute(ConsumeTicket(ticket: ticket.id, now: now)) == 1 else {
            if let made = ticket.madeSessionID { try transaction.execute(DeleteSession(session: made)) }
            return try refuse(ticket, .ticketReplayed, context, transaction)
        }
        let isOfThisSignIn =
            ticket.returnAddress.elementsEqual(redemption.returnAddress.utf8)
            && Self.isAnswered(ticket.challenge, by: redemption.verifier)
        guard now < ticket.expiresAt, isOfThisSignIn,
            let made = try SessionStore(parts: parts).derive(
                ticket,
                for: application,
                redemption,
                at: now,
                context,
                transaction
            )
        else { return try refuse(ticket, .ticketRefused, context, transaction) }
        try transaction.execute(NoteTicketSession(ticket: ticket.id, session: made.session.id))
        let event = AuditEvent(
            .ticketRedeemed,
            subjectUser: ticket.userID,
            subjectID: application.id.bytes,
            session: made.session.id
        )
        try AuditStore(parts: parts).append(event, context, transaction)
        let request = ClaimsRequest(
            user: ticket.userID,
            session: made.session.id,
            scopes: application.claimScopes
        )
        let claims = try ClaimFlows(parts: parts).claims(request, transaction)
        return .redeemed(RedeemedTicket(session: made.session, token: made.token, claims: claims))
    }

    private func refuse(
        _ ticket: StoredTicket,
        _ kind: AuditEventKind,
        _ context: CallContext,
        _ transaction: Transaction
    ) throws -> TicketOutcome {
        let event = AuditEvent(
            kind,
            outcome: .failure,
            reason: .ticketInvalid,
            subjectUser: ticket.userID,
            subjectID: ticket.applicationID.bytes,
            session: ticket.madeSessionID ?? ticket.sessionID
        )
        try AuditStore(parts: parts).append(event, context, transaction)
        return .refused
    }

    /// Whether a secret is the one of a challenge; without a challenge there must be none, or somebody took it away.
    private static func isAnswered(_ challenge: [UInt8]?, by verifier: SecretBytes) -> Bool {
        guard let challenge else { return verifier.count == 0 }
        guard (43...128).contains(verifier.count) else { return false }
        return ConstantTime.areEqual(verifier.withBytes { SHA256.digest(of: $0) }, challenge)
    }
}

extension FlowError {
    /// Unknown, used, too old, another's, or without its secret: all the same to who brings it.
    static let ticketInvalid = FlowError(
        .failedPrecondition,
        reason: .ticketInvalid,
        message: "the ticket is not valid; send the browser to be signed in again"
    )
}
