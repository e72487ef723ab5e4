internal import Cryptography
internal import RPCClient
internal import Wire

/// Signs people in by passkeys alone, in flows that nobody is named in.
struct PasskeySignIns: Sendable {
    /// Somebody with their passkey.
    struct Owner: Sendable {
        let person: SignIns.Person
        let authenticator: SoftwareAuthenticator
    }

    let people: SignIns
    let client: GatehouseClient
    /// The address of the site, as browsers tell it.
    let origin: String

    /// Signs new people in by codes, and registers a passkey for each.
    func enrol(count: Int) async throws -> [Owner] {
        let service = PasskeyServiceClient(client)
        let owners = try await people.sessions(count: count).map {
            Owner(person: $0, authenticator: try SoftwareAuthenticator(origin: origin))
        }
        try await owners.concurrently { owner in
            let session = Metadata(key: "x-session", value: owner.person.sessionToken)
            let options = CallOptions(timeout: .seconds(60), metadata: [session])
            let begun = try await service.beginPasskeyRegistration(BeginPasskeyRegistrationRequest(), options: options)
            let response = try owner.authenticator.create(begun.optionsJson)
            let finish = FinishPasskeyRegistrationRequest(responseJson: response, name: "Passkey")
            _ = try await service.finishPasskeyRegistration(finish, options: options)
        }
        return owners
    }

    /// One sign-in, on the device that its owner has.
    func signIn(_ owner: Owner) async throws {
        let service = SignInServiceClient(client)
        let client = people.nextClient(owner.person.deviceToken)
        let started = try await service.beginSignIn(BeginSignInRequest(client: client, withPasskeyOptions: true))
        let response = try owner.authenticator.get(started.passkeyOptionsJson)
        let submit = SubmitSignInPasskeyRequest(flowToken: started.flowToken, responseJson: response)
        guard case .signedIn = try await service.submitSignInPasskey(submit).outcome else {
            throw SignIns.Failure.notSignedIn
        }
    }
}
