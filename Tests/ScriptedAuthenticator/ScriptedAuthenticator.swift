package import Cryptography
package import Foundation
package import WebAuthn

/// An authenticator and browser by script: every field can be bent before it is signed.
package final class ScriptedAuthenticator {
    /// What a response is made of; a test changes one thing in it.
    package struct Script {
        package init() {}

        package var type = "webauthn.create"
        package var challenge = Base64URL.encode([UInt8](0..<32))
        package var origin = "https://login.example.org"
        /// Members after the three, with a comma before each.
        package var more = ",\"crossOrigin\":false"
        /// Instead of all the above.
        package var clientDataJSON: [UInt8]?
        package var relyingPartyID = "example.org"
        package var flags: UInt8 = 0x45
        package var count: UInt32 = 1
        package var credentialID: [UInt8] = Array("credential-0001".utf8)
        /// Behind the flags and the count, instead of what belongs there.
        package var attested: [UInt8]?
        package var format = "none"
        package var statement = CBOR.map([])
        /// Bytes after everything.
        package var trailing: [UInt8] = []

        package static var assertion: Script {
            var script = Script()
            script.type = "webauthn.get"
            script.flags = 0x05
            script.count = 2
            return script
        }
    }

    package let algorithm: COSEAlgorithm
    package let key: VerificationKey
    private let directory: URL

    /// Where its private key lies.
    package var keyFile: URL { directory.appending(path: "key") }

    package init(_ algorithm: COSEAlgorithm = .es256) throws {
        self.algorithm = algorithm
        directory = FileManager.default.temporaryDirectory.appending(path: "gatehouse-webauthn-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let kind =
            switch algorithm {
            case .es256: "EC -pkeyopt ec_paramgen_curve:P-256"
            case .es384: "EC -pkeyopt ec_paramgen_curve:P-384"
            case .es512: "EC -pkeyopt ec_paramgen_curve:P-521"
            case .edDSA: "ed25519"
            case .ed448: "ed448"
            default: "RSA -pkeyopt rsa_keygen_bits:2048"
            }
        try OpenSSL.run("genpkey -algorithm \(kind) -out key", in: directory)
        try OpenSSL.run("pkey -in key -pubout -outform DER -out public", in: directory)
        let info = Array(try Data(contentsOf: directory.appending(path: "public")))
        key = try VerificationKey(subjectPublicKeyInfo: info)
    }

    deinit {
        try? FileManager.default.removeItem(at: directory)
    }

    package func sign(_ message: [UInt8]) throws -> [UInt8] {
        try Data(message).write(to: directory.appending(path: "message"))
        let name = algorithm.signatureAlgorithm.rawValue
        let pss = name.hasPrefix("ps") ? "-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest " : ""
        let command =
            name.hasPrefix("ed")
            ? "pkeyutl -sign -inkey key -rawin -in message -out signature"
            : "dgst -sha\(name == "rs1" ? "1" : String(name.suffix(3))) \(pss)-sign key -out signature message"
        try OpenSSL.run(command, in: directory)
        return Array(try Data(contentsOf: directory.appending(path: "signature")))
    }

    /// The COSE_Key (RFC 9052 section 7), in canonical order.
    package var publicKey: [UInt8] {
        let number = CBOR.integer(Int(algorithm.rawValue))
        switch key.kind {
        case .ellipticCurve(let curve):
            let (x, y) = key.coordinates ?? ([], [])
            let identifier = curve == .p256 ? 1 : curve == .p384 ? 2 : 3
            return CBOR.map([
                (CBOR.integer(1), CBOR.integer(2)), (CBOR.integer(3), number),
                (CBOR.integer(-1), CBOR.integer(identifier)), (CBOR.integer(-2), CBOR.bytes(x)),
                (CBOR.integer(-3), CBOR.bytes(y)),
            ])
        case .edwards(let curve):
            let bytes = Array(key.subjectPublicKeyInfo.dropFirst(12))
            return CBOR.map([
                (CBOR.integer(1), CBOR.integer(1)), (CBOR.integer(3), number),
                (CBOR.integer(-1), CBOR.integer(curve == .ed25519 ? 6 : 7)), (CBOR.integer(-2), CBOR.bytes(bytes)),
            ])
        case .rsa:
            let (modulus, exponent) = key.rsaNumbers ?? ([], [])
            return CBOR.map([
                (CBOR.integer(1), CBOR.integer(3)), (CBOR.integer(3), number),
                (CBOR.integer(-1), CBOR.bytes(modulus)), (CBOR.integer(-2), CBOR.bytes(exponent)),
            ])
        }
    }

    package func clientData(_ script: Script) -> [UInt8] {
        script.clientDataJSON
            ?? Array(
                "{\"type\":\"\(script.type)\",\"challenge\":\"\(script.challenge)\",\"origin\":\"\(script.origin)\"\(script.more)}"
                    .utf8
            )
    }

    package func authenticatorData(_ script: Script) -> [UInt8] {
        let count = (0..<4).reversed().map { UInt8(truncatingIfNeeded: script.count >> (8 * UInt32($0))) }
        var data = SHA256.digest(of: Array(script.relyingPartyID.utf8)) + [script.flags] + count
        if let attested = script.attested {
            data += attested
        } else if script.flags & 0x40 != 0 {
            data += attestedCredential(script)
        }
        return data + script.trailing
    }

    package func attestedCredential(_ script: Script) -> [UInt8] {
        let length = UInt16(truncatingIfNeeded: script.credentialID.count)
        return [UInt8](repeating: 7, count: 16) + [UInt8(length >> 8), UInt8(length & 255)] + script.credentialID
            + publicKey
    }

    package func registration(_ script: Script) -> RegistrationResponse {
        let object = CBOR.map([
            (CBOR.text("fmt"), CBOR.text(script.format)), (CBOR.text("attStmt"), script.statement),
            (CBOR.text("authData"), CBOR.bytes(authenticatorData(script))),
        ])
        return RegistrationResponse(
            envelope: envelope(script.credentialID),
            clientDataJSON: clientData(script),
            attestationObject: object,
            transports: ["usb", "internal", "usb", "carrier-pigeon"]
        )
    }

    package func assertion(_ script: Script, userHandle: [UInt8]?) throws -> AuthenticationResponse {
        let (data, clientData) = (authenticatorData(script), clientData(script))
        return AuthenticationResponse(
            envelope: envelope(script.credentialID),
            clientDataJSON: clientData,
            authenticatorData: data,
            signature: try sign(data + SHA256.digest(of: clientData)),
            userHandle: userHandle
        )
    }

    package func envelope(_ id: [UInt8], type: String = "public-key") -> CredentialEnvelope {
        CredentialEnvelope(id: Base64URL.encode(id), rawID: id, type: type)
    }
}
