import Cryptography

@testable import Identity

/// An application with the service account that redeems for it.
struct Shop: Sendable {
    static let address = "https://shop.example.com/callback"
    static let verifier = SecretBytes(utf8: String(repeating: "v", count: 43))
    /// The challenge of the verifier.
    static let challenge = Base64URL.encode(SHA256.digest(of: verifier))

    let application: Application
    /// The call of its back end.
    let backEnd: CallContext
}

extension CoreWorld {
    func makeShop(
        _ name: String = "Shop",
        _ change: (inout ApplicationChanges) -> Void = { _ in }
    ) async throws -> Shop {
        let scopes = ["tickets.redeem", "sessions.validate"]
        let account = try await makeAccount("back end of \(name)", scopes: scopes).account
        var fields = ApplicationChanges()
        fields.name = name
        fields.redeemer = .account(account.id)
        fields.returnAddresses = [Shop.address]
        fields.claimScopes = ["email"]
        change(&fields)
        let application = try await core.applications.create(fields, system)
        return Shop(application: application, backEnd: caller(scopes, id: account.id))
    }

    /// What the shop asks for when it sends a browser.
    func request(
        _ shop: Shop,
        to address: String = Shop.address,
        challenge: String = Shop.challenge,
        demand: String = "",
        maximumAge: String = ""
    ) throws -> HandOverRequest {
        guard
            let request = HandOverRequest(
                application: shop.application.id.description,
                returnAddress: address,
                state: "s",
                challenge: challenge,
                demand: demand,
                maximumAge: maximumAge
            )
        else { throw Unexpected(outcome: "no request") }
        return request
    }

    /// Hands a session over; nil when somebody has to sign in first.
    func handOver(_ request: HandOverRequest, _ token: SecretBytes?) async throws -> SecretBytes? {
        switch try await core.tickets.handOver(request, session: token, anonymous()) {
        case .ticket(let ticket, _): ticket
        case .signInNeeded: nil
        }
    }

    /// Hands a session over to the shop.
    func ticket(_ shop: Shop, of token: SecretBytes) async throws -> SecretBytes {
        guard let ticket = try await handOver(try request(shop), token) else { throw Unexpected(outcome: "no ticket") }
        return ticket
    }

    func redeem(
        _ ticket: SecretBytes,
        _ context: CallContext,
        at address: String = Shop.address,
        verifier: SecretBytes = Shop.verifier,
        maximumAge: Duration? = nil,
        demand: AssuranceDemand = .nothing
    ) async throws(FlowError) -> RedeemedTicket {
        let redemption = TicketFlows.Redemption(
            ticket: ticket,
            returnAddress: address,
            verifier: verifier,
            maximumAge: maximumAge,
            demand: demand
        )
        return try await core.tickets.redeem(redemption, context)
    }
}
