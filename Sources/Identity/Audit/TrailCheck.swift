import Cryptography
import MariaDB

/// A verification of the stored trail under way: chain and codes.
struct TrailCheck: Sendable {
    let keyRing: KeyRing
    var verifier: AuditVerifier
    /// The last event whose code was good: all up to it are what this server sealed.
    private var authentic = AuditHead.start

    init(keyRing: KeyRing) {
        self.keyRing = keyRing
        verifier = AuditVerifier()
    }

    /// Looks at the next seal and its event.
    mutating func check(_ row: ListSealsToVerify.Row) throws(AuditVerifier.Fault) {
        let expected = verifier.head.sequence + 1
        guard let record = row.record, row.sequence == expected else {
            throw AuditVerifier.Fault(sequence: expected, problem: .missing)
        }
        try verifier.check(
            SealedEvent(sequence: row.sequence, sealedAt: row.sealedAt, digest: row.digest, record: record)
        )
        // A code under a key that was destroyed says nothing; a later one answers for it.
        guard keyRing.keys.contains(where: { $0.id == row.code.keyID && $0.state != .destroyed }) else { return }
        let covered = AuditChain.covered(sequence: row.sequence, digest: row.digest)
        guard keyRing.isValid(row.code, for: covered, purpose: .auditSeal) else {
            throw AuditVerifier.Fault(sequence: expected, problem: .forged)
        }
        authentic = verifier.head
    }

    /// Says that no more events follow: what no code answers for may be anybody's.
    func finish() throws(AuditVerifier.Fault) {
        try verifier.finish()
        guard authentic == verifier.head else {
            throw AuditVerifier.Fault(sequence: authentic.sequence + 1, problem: .forged)
        }
    }

    func progress(head: UInt64, fault: AuditVerifier.Fault?) -> AuditFlows.Verification {
        let good = fault?.problem == .forged ? authentic : verifier.head
        return AuditFlows.Verification(checked: good.sequence, head: head, fault: fault, digest: good.digest)
    }
}
