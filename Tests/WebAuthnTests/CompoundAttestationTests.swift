import Cryptography
import ScriptedAuthenticator
import Testing
import WebAuthn

/// WebAuthn Level 3 section 8.9: several statements for one credential.
struct CompoundAttestationTests {
    typealias Script = ScriptedAuthenticator.Script

    /// A part of a statement, right or bent.
    private enum Part {
        case basic, ownKey, none, unknown, nested, bent, extraMember, listInList
    }

    private let maker: AttestationTests.Maker

    init() throws {
        maker = try AttestationTests.Maker()
    }

    private func outcome(
        _ parts: [Part],
        policy: (inout AttestationPolicy) -> Void = { _ in }
    ) throws -> Result<AttestationVerdict, WebAuthnError> {
        do {
            return .success(
                try AttestationTests.verdict("compound", anchors: [maker.root], policy: policy) {
                    signed,
                    authenticator in
                    CBOR.array(try parts.map { try encoded($0, signed.data + signed.hash, authenticator) })
                }
            )
        } catch let error as WebAuthnError {
            return .failure(error)
        }
    }

    private func encoded(_ part: Part, _ message: [UInt8], _ authenticator: ScriptedAuthenticator) throws -> [UInt8] {
        func named(_ format: String, _ members: [([UInt8], [UInt8])]) -> [UInt8] {
            CBOR.map([(CBOR.text("fmt"), CBOR.text(format)), (CBOR.text("attStmt"), CBOR.map(members))])
        }
        let algorithm = (CBOR.text("alg"), CBOR.integer(-7))
        let list = (CBOR.text("x5c"), CBOR.array([CBOR.bytes(maker.leaf.certificate.der)]))
        switch part {
        case .basic:
            return named("packed", [algorithm, (CBOR.text("sig"), CBOR.bytes(try maker.leaf.sign(message))), list])
        case .ownKey:
            return named("packed", [algorithm, (CBOR.text("sig"), CBOR.bytes(try authenticator.sign(message)))])
        case .bent:
            return named(
                "packed",
                [algorithm, (CBOR.text("sig"), CBOR.bytes(try maker.leaf.sign(message + [0]))), list]
            )
        case .none: return named("none", [])
        case .unknown: return named("android-safetynet", [])
        case .nested: return named("compound", [])
        case .extraMember:
            return CBOR.map([
                (CBOR.text("fmt"), CBOR.text("none")), (CBOR.text("more"), CBOR.integer(1)),
                (CBOR.text("attStmt"), CBOR.map([])),
            ])
        case .listInList: return named("packed", [(CBOR.text("x5c"), CBOR.array([CBOR.array([])]))])
        }
    }

    @Test func `what the parts say together is what the trusted one says`() throws {
        for parts in [[Part.basic, .ownKey], [.ownKey, .basic], [.ownKey, .basic, .ownKey]] {
            let made = try outcome(parts).get()
            #expect(made.format == .compound && made.type == .basic && made.isTrusted)
            #expect(made.trustPath == [maker.leaf.certificate])
        }
        let own = try outcome([.ownKey, .ownKey]) { $0.requiresTrust = false }.get()
        #expect(own.format == .compound && own.type == .self && !own.isTrusted && own.trustPath.isEmpty)
        #expect(try outcome([.ownKey, .ownKey]) == .failure(.attestationRefused(.notTrusted)))
    }

    @Test func `one bad part spoils the statement unless the policy is content with fewer`() throws {
        #expect(try outcome([.basic, .bent]) == .failure(.attestation(.wrongSignature)))
        #expect(try outcome([.bent, .basic]) == .failure(.attestation(.wrongSignature)))
        #expect(try outcome([.basic, .unknown]) == .failure(.attestation(.unknownFormat)))
        #expect(try outcome([.basic, .none]) == .failure(.attestation(.nothingAttested)))
        for part in [Part.bent, .unknown, .none] {
            #expect(try outcome([part, .basic]) { $0.compoundRule = .atLeast(1) }.get().isTrusted)
            #expect(try outcome([part, .basic]) { $0.compoundRule = .atLeast(2) }.map(\.type) != .success(.basic))
        }
        // The part that is left is not the one somebody trusts.
        #expect(
            try outcome([.bent, .ownKey]) { $0.compoundRule = .atLeast(1) }
                == .failure(.attestationRefused(.notTrusted))
        )
    }

    @Test func `none is never enough, and more than there are is refused`() throws {
        for count in [0, -1, 1] {
            #expect(
                try outcome([.bent, .bent]) { $0.compoundRule = .atLeast(count) }
                    == .failure(.attestation(.wrongSignature))
            )
        }
        #expect(
            try outcome([.basic, .ownKey]) { $0.compoundRule = .atLeast(3) }
                == .failure(.attestation(.malformedStatement))
        )
    }

    @Test func `a format that is not accepted alone is not accepted as a part`() throws {
        let withoutPacked = Set(AttestationFormat.allCases).subtracting([.packed])
        #expect(
            try outcome([.basic, .ownKey]) { $0.formats = withoutPacked } == .failure(.attestationRefused(.format))
        )
        #expect(try outcome([.basic, .ownKey]) { $0.formats = [.packed] } == .failure(.attestationRefused(.format)))
        #expect(try outcome([.basic, .ownKey]) { $0.formats = [.packed, .compound] }.get().isTrusted)
    }

    @Test func `a statement is two to eight parts, each with a format of its own`() throws {
        let malformed = WebAuthnError.attestation(.malformedStatement)
        for parts in [[], [Part.basic], [.basic, .nested], [.nested, .nested], [.basic, .extraMember]] {
            #expect(try outcome(parts) { $0.compoundRule = .atLeast(1) } == .failure(malformed))
        }
        #expect(try outcome([Part](repeating: .none, count: 9)) == .failure(malformed))
        #expect(try outcome([.basic, .listInList]) == .failure(.attestationObject(.tooDeep)))
        var script = Script()
        script.format = "compound"
        let response = try ScriptedAuthenticator().registration(script)
        #expect(throws: malformed) {
            try RegistrationCeremony.verify(response, against: RegistrationTests.expectation())
        }
    }

    @Test func `only a compound statement is a list`() throws {
        for format in ["packed", "none"] {
            var script = Script()
            (script.format, script.statement) = (format, CBOR.array([CBOR.map([])]))
            let response = try ScriptedAuthenticator().registration(script)
            #expect(throws: WebAuthnError.attestationObjectMembers) {
                try RegistrationCeremony.verify(response, against: RegistrationTests.expectation())
            }
        }
    }
}
