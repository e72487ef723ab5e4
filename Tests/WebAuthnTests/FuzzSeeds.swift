import Cryptography
import ScriptedAuthenticator
import WebAuthn

/// Registrations that hold in the ceremony the fuzz target runs, one for each format.
///
/// Mutations of them get as far as to the structures within the statements.
struct FuzzSeeds {
    typealias Members = [(key: [UInt8], value: [UInt8])]

    /// The challenge of the fuzzed ceremony.
    static let challenge = [UInt8](repeating: 0, count: 32)

    static var clientDataJSON: [UInt8] {
        let challenge = Base64URL.encode(challenge)
        return Array(
            "{\"type\":\"webauthn.create\",\"challenge\":\"\(challenge)\",\"origin\":\"https://example.org\"}".utf8
        )
    }

    private let authenticator: ScriptedAuthenticator
    private let maker: AttestationTests.Maker
    private var script = ScriptedAuthenticator.Script()

    init() throws {
        authenticator = try ScriptedAuthenticator()
        maker = try AttestationTests.Maker()
        script.clientDataJSON = Self.clientDataJSON
        script.credentialID = [1]
    }

    /// The attestation objects by the seeds' names.
    func objects() throws -> [(name: String, bytes: [UInt8])] {
        let (basic, own) = (try packed(), try ownKey())
        let parts = [basic, own].map { part in
            CBOR.map([(CBOR.text("fmt"), CBOR.text("packed")), (CBOR.text("attStmt"), CBOR.map(part))])
        }
        return [
            ("none", object("none", CBOR.map([]))), ("packed", object("packed", CBOR.map(basic))),
            ("packed-self", object("packed", CBOR.map(own))), ("u2f", object("fido-u2f", CBOR.map(try u2f()))),
            ("apple", object("apple", CBOR.map(try apple()))),
            ("android", object("android-key", CBOR.map(try android()))), ("tpm", object("tpm", CBOR.map(try tpm()))),
            ("compound", object("compound", CBOR.array(parts))),
        ]
    }

    private var hash: [UInt8] { SHA256.digest(of: Self.clientDataJSON) }
    private var signed: [UInt8] { authenticator.authenticatorData(script) + hash }
    private let algorithm = (key: CBOR.text("alg"), value: CBOR.integer(-7))

    private func signature(_ bytes: [UInt8]) -> (key: [UInt8], value: [UInt8]) { (CBOR.text("sig"), CBOR.bytes(bytes)) }

    private func chain(_ leaf: Attestor) -> (key: [UInt8], value: [UInt8]) {
        (CBOR.text("x5c"), CBOR.array([CBOR.bytes(leaf.certificate.der)]))
    }

    private func object(_ format: String, _ statement: [UInt8]) -> [UInt8] {
        var script = script
        (script.format, script.statement) = (format, statement)
        return authenticator.registration(script).attestationObject
    }

    /// A certificate by the maker's authority for the credential's own key.
    private func certificate(_ subject: String, _ extensions: String) throws -> Attestor {
        try Attestor(subject: subject, extensions: extensions, signedBy: maker.root, key: authenticator)
    }

    private func packed() throws -> Members {
        [algorithm, signature(try maker.leaf.sign(signed)), chain(maker.leaf)]
    }

    private func ownKey() throws -> Members { [algorithm, signature(try authenticator.sign(signed))] }

    private func u2f() throws -> Members {
        let (x, y) = authenticator.key.coordinates ?? ([], [])
        let head = [0] + Array(signed.prefix(32)) + hash
        return [signature(try maker.leaf.sign(head + script.credentialID + [4] + x + y)), chain(maker.leaf)]
    }

    private func apple() throws -> Members {
        let value = [0x30, 0x24, 0xA1, 0x22, 0x04, 0x20] + SHA256.digest(of: signed)
        return [chain(try certificate("/CN=Apple", "1.2.840.113635.100.8.2=DER:" + Hex.encode(value)))]
    }

    private func android() throws -> Members {
        let value = AndroidAttestationTests.KeyDescription().value(hash)
        let leaf = try certificate("/CN=Android", "1.3.6.1.4.1.11129.2.1.17=DER:" + Hex.encode(value))
        return [algorithm, signature(try leaf.sign(signed)), chain(leaf)]
    }

    private func tpm() throws -> Members {
        let statement = TPMStatement()
        let leaf = try Attestor(subject: "/", extensions: statement.extensions, signedBy: maker.root)
        let area = statement.publicArea(authenticator.key)
        let info = statement.certInfo(area, TPMStatement.digest(.es256, of: signed))
        return [
            algorithm, signature(try leaf.sign(info)), (CBOR.text("ver"), CBOR.text(statement.version)), chain(leaf),
            (CBOR.text("pubArea"), CBOR.bytes(area)), (CBOR.text("certInfo"), CBOR.bytes(info)),
        ]
    }
}
