import Cryptography
import Foundation
import JSON
import MariaDB
import OpenIDConnect
import OutboundHTTP
import Synchronization
import Testing

@testable import Identity

/// A core with a provider that answers in this process and signs with a key of its own.
final class ProviderWorld: Sendable {
    let world: CoreWorld
    let answers: ProviderAnswers
    let provider: ExternalProvider

    var core: IdentityCore { world.core }

    init(
        policy: (inout IdentityPolicy) -> Void = { _ in },
        settings: @escaping @Sendable (inout ProviderSettings) -> Void = { _ in }
    ) async throws {
        let answers = try ProviderAnswers()
        let world = try CoreWorld(try await SharedServer.makeDatabase(lanes: 4), http: answers, policy)
        answers.clock.withLock { $0 = world.clock }
        (self.answers, self.world) = (answers, world)
        provider = try await Self.make("example", world, settings)
    }

    static func make(
        _ name: String,
        _ world: CoreWorld,
        _ settings: @escaping @Sendable (inout ProviderSettings) -> Void = { _ in }
    ) async throws -> ExternalProvider {
        let changes = ProviderChanges(isEnabled: true, secret: SecretBytes(utf8: "very-secret")) { made in
            made.issuer = "https://id.example"
            made.clientID = "client"
            made.trustedDomains = ["example.com"]
            settings(&made)
        }
        return try await world.core.providers.create(name: name, preset: .generic, changes, world.system)
    }

    /// The parameters of an address that a browser is sent to.
    static func query(_ url: String) -> [String: String] {
        let items = URLComponents(string: url)?.queryItems ?? []
        return Dictionary(items.map { ($0.name, $0.value ?? "") }) { first, _ in first }
    }

    /// Goes away.
    func begin(_ context: CallContext) async throws -> StartedExternal {
        try await core.externalLogins.begin("example", handle: nil, SignInRequest(), context)
    }

    /// Goes away and comes back as somebody.
    func signIn(
        _ person: [String: JSONValue],
        handle: SecretBytes? = nil,
        at name: String = "example",
        _ context: CallContext? = nil
    ) async throws -> ExternalOutcome {
        let context = context ?? world.anonymous()
        let started = try await core.externalLogins.begin(name, handle: handle, SignInRequest(), context)
        let holder = try #require(handle ?? started.signIn?.handle)
        return try await comeBack(started, person, handle: holder, at: name, context)
    }

    func comeBack(
        _ started: StartedExternal,
        _ person: [String: JSONValue],
        handle: SecretBytes?,
        at name: String = "example",
        _ context: CallContext
    ) async throws -> ExternalOutcome {
        let sent = Self.query(started.url)
        answers.person.withLock { $0 = person }
        answers.nonce.withLock { $0 = sent["nonce"] ?? "" }
        return try await core.externalLogins.finish(name, Self.parameters(sent["state"] ?? ""), handle: handle, context)
    }

    static func parameters(_ state: String, code: String? = "code", error: String? = nil) throws -> CallbackParameters {
        let fields = ["state": state, "code": code, "error": error]
        return try #require(CallbackParameters { fields[$0] ?? nil })
    }
}

/// What the provider answers; the token says who `person` is.
final class ProviderAnswers: OutboundHTTP {
    private let key: SigningKey
    let person = Mutex<[String: JSONValue]>([:])
    let nonce = Mutex("")
    let clock = Mutex<SteppedClock?>(nil)
    let isDown = Mutex(false)
    let requests = Mutex<[String]>([])

    init() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = ["genpkey", "-algorithm", "ed25519"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let pem = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        key = try SigningKey(pem: SecretBytes(copying: pem))
    }

    func admits(_ url: OutboundURL) -> Bool { url.isSecure }

    func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundResponse {
        requests.withLock { $0.append("\(request.url) \(request.body?.validatedUTF8String() ?? "")") }
        guard !isDown.withLock({ $0 }) else { throw OutboundError(.unreachable) }
        let text: String
        switch request.url.target {
        case "/.well-known/openid-configuration":
            text = """
                {"issuer":"https://id.example","authorization_endpoint":"https://id.example/authorize",\
                "token_endpoint":"https://id.example/token","jwks_uri":"https://id.example/keys"}
                """
        case "/keys":
            let point = Base64URL.encode(key.verificationKey.subjectPublicKeyInfo.suffix(32))
            text = "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"\(point)\"}]}"
        case "/token":
            guard let token = try? token() else { throw OutboundError(.unreachable) }
            text = "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"id_token\":\"\(token)\"}"
        default: throw OutboundError(.unreachable)
        }
        return OutboundResponse(status: 200, body: Array(text.utf8))
    }

    /// The ID token for `person`.
    func token() throws -> String {
        let now = seconds
        var claims: [String: JSONValue] = [
            "iss": .string("https://id.example"), "aud": .string("client"), "iat": .number("\(now)"),
            "exp": .number("\(now + 300)"), "nonce": .string(nonce.withLock { $0 }), "auth_time": .number("\(now)"),
        ]
        claims.merge(person.withLock { $0 }) { $1 }
        return try signed("{\"alg\":\"EdDSA\"}", claims)
    }

    /// A token that says that the sessions of a subject, or those of one session there, are over.
    func logoutToken(_ id: String, subject: String?, session: String? = nil) throws -> SecretBytes {
        let event = JSONValue.object([
            .init(name: "http://schemas.openid.net/event/backchannel-logout", value: .object([]))
        ])
        var claims: [String: JSONValue] = [
            "iss": .string("https://id.example"), "aud": .string("client"), "iat": .number("\(seconds)"),
            "exp": .number("\(seconds + 120)"), "jti": .string(id), "events": event,
        ]
        claims["sub"] = subject.map { .string($0) }
        claims["sid"] = session.map { .string($0) }
        return SecretBytes(utf8: try signed("{\"alg\":\"EdDSA\",\"typ\":\"logout+jwt\"}", claims))
    }

    private var seconds: Int64 { clock.withLock { $0?.now().secondsSinceEpoch } ?? 0 }

    private func signed(_ header: String, _ claims: [String: JSONValue]) throws -> String {
        let payload = JSONValue.object(claims.map { .init(name: $0.key, value: $0.value) }).text
        let signed = Base64URL.encode(Array(header.utf8)) + "." + Base64URL.encode(Array(payload.utf8))
        return signed + "." + Base64URL.encode(try key.signature(of: Array(signed.utf8), .ed25519))
    }
}

extension ExternalOutcome {
    var signedIn: SignedIn? {
        if case .signIn(.signedIn(let signedIn)) = self { signedIn } else { nil }
    }

    var refusal: ExternalRefusal? {
        if case .refused(let refusal) = self { refusal } else { nil }
    }

    var linked: ExternalLogin? {
        if case .linked(let login) = self { login } else { nil }
    }
}
