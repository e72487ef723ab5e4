import Cryptography
import MariaDB
import OneTimePasswords
import Testing

@testable import Identity

/// An authenticator app of a test, with what its owner got when setting it up.
struct EnrolledApp {
    let id: TOTPDeviceID
    let secret: SecretBytes
    let session: Session
    let device: SecretBytes

    /// What the app shows, now or so many seconds later.
    func code(_ world: SignInWorld, after seconds: Int64 = 0) throws -> SecretBytes {
        try world.code(of: secret, after: seconds)
    }
}

extension SignInWorld {
    /// What an app with a secret (base 32) shows, now or so many seconds later.
    func code(of secret: SecretBytes, after seconds: Int64 = 0) throws -> SecretBytes {
        let totp = TOTP(key: SecretBytes(copying: Self.base32Decoded(secret)), parameters: .standard)
        let step = totp.step(at: clock.now().microsecondsSinceEpoch / 1_000_000 + seconds)
        return SecretBytes(copying: totp.password(step: step))
    }

    /// The bytes of text in base 32 (RFC 4648 section 6), whole groups only.
    private static func base32Decoded(_ text: SecretBytes) -> [UInt8] {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
        var bits = 0
        var value = 0
        var bytes: [UInt8] = []
        for letter in text.withBytes({ Array($0) }) {
            value = (value << 5 | (letters.firstIndex(of: letter) ?? 0)) & 0xFFFF
            bits += 5
            guard bits >= 8 else { continue }
            bits -= 8
            bytes.append(UInt8(truncatingIfNeeded: value >> bits))
        }
        return bytes
    }

    /// A person with an app; an hour passes.
    func enrolledApp(_ address: String) async throws -> EnrolledApp {
        let signedIn = try await signInCompletely(address)
        let started = try await core.totp.begin(name: "Phone", person(signedIn.session))
        #expect(
            try await core.totp.confirm(started.device.id, code: code(of: started.secret), person(signedIn.session))
        )
        clock.advance(.seconds(3600))
        return EnrolledApp(
            id: started.device.id,
            secret: started.secret,
            session: signedIn.session,
            device: try #require(signedIn.deviceToken)
        )
    }

    /// Sets up a further app.
    func enrolAnother(in session: Session) async throws {
        let started = try await core.totp.begin(name: "another", person(session))
        #expect(try await core.totp.confirm(started.device.id, code: code(of: started.secret), person(session)))
    }

    /// Begins a flow and proves the address.
    func proveAddress(
        _ address: String,
        _ context: CallContext? = nil,
        wanting demand: AssuranceDemand = .nothing
    ) async throws -> (handle: SecretBytes, outcome: SignInOutcome) {
        let context = context ?? browser()
        let request = SignInRequest(identifier: address, demand: demand)
        let started = try await signIn.begin(request, context)
        if core.parts.policy.passwords.isEnabled { _ = try await signIn.sendCode(started.handle, context) }
        let code = try #require(try await code(to: address))
        return (started.handle, try await submit(code, started.handle, context))
    }

    /// The session as it is after a new proof of some kind.
    func fresh(_ session: Session, kind: FactorKind) async throws -> Session {
        let now = clock.now()
        let context = browser()
        let parts = core.parts
        let confirmed = try await parts.transaction(context) { transaction in
            try SessionStore(parts: parts).confirm(
                session.id,
                of: session.userID,
                level: .aal1,
                methods: ["otp"],
                provedKind: kind,
                at: now,
                context,
                transaction
            )
        }
        return try #require(confirmed?.session)
    }
}
