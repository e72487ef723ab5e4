import Cryptography
import MariaDB
import Testing

@testable import Identity

/// The parts of the engine that need no database.
@Suite struct SignInPureTests {
    @Test func `only proving with a proof leads to a session`() {
        for phase in SignInPhase.allCases {
            for hasProof in [true, false] {
                let leads = phase.after(.signIn, hasProof: hasProof) == .finished
                #expect(leads == (phase == .proving && hasProof))
            }
        }
    }

    @Test func `finished and ended have no way out`() {
        for phase in [SignInPhase.finished, .ended] {
            for event in SignInPhase.Event.allCases {
                #expect(phase.after(event, hasProof: true) == nil)
                #expect(phase.after(event, hasProof: false) == nil)
            }
            #expect(!phase.isOpen)
        }
    }

    @Test func `the name cannot be changed once something is proved`() {
        #expect(SignInPhase.proving.after(.identify, hasProof: false) == .proving)
        #expect(SignInPhase.proving.after(.identify, hasProof: true) == nil)
        #expect(SignInPhase.identifying.after(.prove, hasProof: false) == nil)
    }

    @Test func `proofs add up to the level they are worth`() {
        func factor(_ kind: FactorKind) -> Factor {
            Factor(method: .emailCode, kind: kind, provedAt: Timestamp(microsecondsSinceEpoch: 1))
        }
        #expect(AssuranceLevel(provedBy: []) == nil)
        #expect(AssuranceLevel(provedBy: [factor(.address)]) == .aal1)
        #expect(AssuranceLevel(provedBy: [factor(.address), factor(.knowledge)]) == .aal1)
        #expect(AssuranceLevel(provedBy: [factor(.address), factor(.possession)]) == .aal1)
        #expect(AssuranceLevel(provedBy: [factor(.possession), factor(.possession)]) == .aal1)
        #expect(AssuranceLevel(provedBy: [factor(.knowledge), factor(.possession)]) == .aal2)
        #expect(AssuranceLevel(provedBy: [factor(.multiple)]) == .aal2)
    }

    @Test func `stored proofs come back, and altered ones are refused as a whole`() {
        let factors = [
            Factor(
                method: .emailCode,
                kind: .address,
                provedAt: Timestamp(microsecondsSinceEpoch: 1_800_000_000_000_001)
            ),
            Factor(
                method: .password,
                kind: .knowledge,
                provedAt: Timestamp(microsecondsSinceEpoch: 1_800_000_000_000_001),
                setAt: Timestamp(microsecondsSinceEpoch: 1_700_000_000_000_002)
            ),
        ]
        #expect(Factor.factors(from: Factor.text(of: factors)) == factors)
        #expect(Factor.factors(from: "") == [])
        for bad in [
            "x", "email_code:1", "email_code:9:1", "carrier_pigeon:1:1", "email_code:1:1:1", "email_code:1:1,x",
            "password:2", "password:2:1:1:1", "password:2:1:x",
        ] {
            #expect(Factor.factors(from: bad) == nil, "\(bad)")
        }
    }

    @Test(arguments: [
        ("ada@example.com", "a•••@example.com"), ("a@example.com", "a•••@example.com"),
        ("ä@b.example", "ä•••@b.example"),
        ("nothing", "•••"), ("", "•••"),
    ])
    func `a masked address shows one letter and the domain`(address: String, masked: String) {
        #expect(MaskedAddress.email(address) == masked)
    }

    @Test func `no two bindings or codes authenticate the same bytes`() throws {
        let flow = try #require(FlowID(bytes: [UInt8](repeating: 1, count: 16)))
        let other = try #require(FlowID(bytes: [UInt8](repeating: 2, count: 16)))
        func bytes(_ flow: FlowID, _ kind: IdentifierKind, _ address: String, _ code: String) -> [UInt8] {
            CodeBinding(flowID: flow, purpose: .signIn, addressKind: kind, addressCanonical: Array(address.utf8))
                .authenticated(code: Array(code.utf8))
        }
        let all = [
            bytes(flow, .email, "a@b", "CODE"), bytes(other, .email, "a@b", "CODE"), bytes(flow, .phone, "a@b", "CODE"),
            bytes(flow, .email, "a@bC", "ODE"), bytes(flow, .email, "a@", "bCODE"), bytes(flow, .email, "a@b", "CODF"),
        ]
        #expect(Set(all).count == all.count)
    }

    @Test(arguments: [
        ("a@example.com", true), ("a@mail.example.com", false), ("a@notexample.com", false), ("example.com", false),
        ("", false),
    ])
    func `a domain admits its own addresses only`(address: String, isAdmitted: Bool) {
        #expect(SelfRegistration.domains(["example.com"]).admits(canonicalEmail: Array(address.utf8)) == isAdmitted)
    }
}
