internal import Identity
internal import JSON
internal import Wire

/// The methods of gatehouse.v1.TicketService.
struct TicketHandlers: TicketServiceHandler {
    let tickets: TicketFlows

    func redeemTicket(_ request: RedeemTicketRequest, context: CallContext) async throws -> RedeemTicketResponse {
        let redemption = TicketFlows.Redemption(
            ticket: request.ticket,
            returnAddress: request.returnAddress,
            verifier: request.verifier,
            maximumAge: request.maximumAge,
            demand: request.demand.domain
        )
        let redeemed = try await tickets.redeem(redemption, context)
        return RedeemTicketResponse(
            session: Wire.Session(redeemed.session),
            sessionToken: redeemed.token,
            claims: redeemed.claims.map { Wire.Claim(name: $0.name, json: $0.value.text) }
        )
    }
}
