internal import Cryptography
internal import RPCClient
internal import Wire

/// Signs people in by their passwords.
struct PasswordSignIns: Sendable {
    private static let password = SecretBytes(utf8: "Fuchsrot-Laternen-27-Umbrien")

    let people: SignIns
    let clients: [GatehouseClient]

    /// Signs new people in by codes, and lets each set a password.
    func enrol(count: Int) async throws -> [SignIns.Person] {
        let enrolled = try await people.sessions(count: count)
        let service = PasswordServiceClient(clients[0])
        try await enrolled.concurrently { person in
            let session = Metadata(key: "x-session", value: person.sessionToken)
            let options = CallOptions(timeout: .seconds(60), metadata: [session])
            _ = try await service.setPassword(SetPasswordRequest(newPassword: Self.password), options: options)
        }
        return enrolled
    }

    /// One sign-in of somebody, on the device that they have.
    func signIn(_ person: SignIns.Person, caller: Int) async throws {
        let service = SignInServiceClient(clients[caller % clients.count])
        let begin = BeginSignInRequest(client: people.nextClient(person.deviceToken), identifier: person.address)
        let started = try await service.beginSignIn(begin)
        let submit = SubmitSignInPasswordRequest(flowToken: started.flowToken, password: Self.password)
        guard case .signedIn = try await service.submitSignInPassword(submit).outcome else {
            throw SignIns.Failure.notSignedIn
        }
    }
}
