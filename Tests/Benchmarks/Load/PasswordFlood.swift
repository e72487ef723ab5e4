internal import Cryptography
internal import RPCClient
internal import Synchronization
internal import Wire

/// Passwords for names that nobody has, each of which costs the server the same hash as somebody's.
///
/// Whoever is refused for want of room comes again with the same flow, as a person does; so what floods the server is
/// passwords, and not the beginning of flows.
final class PasswordFlood: Sendable {
    private static let password = SecretBytes(utf8: "Fuchsrot-Laternen-27-Umbrien")

    private let people: SignIns
    private let clients: [GatehouseClient]
    private let flows = Mutex<[Int: SecretBytes]>([:])

    init(people: SignIns, clients: [GatehouseClient]) {
        self.people = people
        self.clients = clients
    }

    /// One attempt; throws what the server has too much to do for.
    func guess(caller: Int) async throws {
        let service = SignInServiceClient(clients[caller % clients.count])
        let flow: SecretBytes
        if let kept = flows.withLock({ $0[caller] }) {
            flow = kept
        } else {
            let begin = BeginSignInRequest(client: people.nextClient(), identifier: people.nextAddress())
            flow = try await service.beginSignIn(begin).flowToken
            flows.withLock { $0[caller] = flow }
        }
        do {
            let submit = SubmitSignInPasswordRequest(flowToken: flow, password: Self.password)
            _ = try await service.submitSignInPassword(submit)
        } catch {
            guard (error as? RPCError)?.code == .unauthenticated else { throw error }
            flows.withLock { $0[caller] = nil }
        }
    }
}
