import Cryptography
import MariaDB
import Testing

@testable import Identity

/// The verifier alone: whatever is done to a trail, the first bad number is named (SECURITY LOG-03).
struct AuditVerifierTests {
    private typealias Fault = AuditVerifier.Fault

    private static func record(_ number: Int) -> AuditRecord {
        AuditRecord(
            id: [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 16),
            occurredAt: Timestamp(microsecondsSinceEpoch: Int64(number) * 1_000_001),
            kind: "user.created",
            outcome: 1,
            reason: number.isMultiple(of: 2) ? "" : "x",
            actorKind: 2,
            actorID: [UInt8](repeating: 1, count: 16),
            viaServiceAccount: nil,
            subjectUser: [UInt8](repeating: 2, count: 16),
            subjectID: nil,
            session: number.isMultiple(of: 3) ? nil : [UInt8](repeating: 3, count: 16),
            sourceAddress: "192.0.2.1",
            requestID: "request-\(number)",
            details: "{\"number\":\"\(number)\"}"
        )
    }

    private static func trail(_ count: Int) -> [SealedEvent] {
        var digest = AuditChain.start
        return (1...count).map { number in
            let (record, time) = (record(number), Timestamp(microsecondsSinceEpoch: Int64(number)))
            digest = AuditChain.digest(of: record, sequence: UInt64(number), sealedAt: time, after: digest)
            return SealedEvent(sequence: UInt64(number), sealedAt: time, digest: digest, record: record)
        }
    }

    private static func fault(in trail: [SealedEvent], anchors: [AuditHead] = []) -> Fault? {
        do {
            var verifier = try AuditVerifier(anchors: anchors)
            for event in trail { try verifier.check(event) }
            try verifier.finish()
            return nil
        } catch {
            return error
        }
    }

    private static let alterations: [@Sendable (inout SealedEvent) -> Void] = [
        { $0.record.id[3] ^= 1 }, { $0.record.occurredAt += .microseconds(1) }, { $0.record.kind += "x" },
        { $0.record.outcome = 3 }, { $0.record.reason += "y" }, { $0.record.actorKind = 1 },
        { $0.record.actorID = nil }, { $0.record.viaServiceAccount = [UInt8](repeating: 9, count: 16) },
        { $0.record.subjectUser?[0] ^= 128 }, { $0.record.subjectID = [UInt8](repeating: 0, count: 16) },
        { $0.record.session = [UInt8](repeating: 4, count: 16) }, { $0.record.sourceAddress = nil },
        { $0.record.requestID = "" }, { $0.record.details = "{}" }, { $0.sealedAt += .microseconds(1) },
        { $0.digest[31] ^= 1 },
        // The same bytes over two neighbours must not be the same event.
        { event in
            event.record.kind += event.record.reason
            event.record.reason = ""
            event.record.requestID += "z"
        },
    ]

    @Test func `a trail as it was sealed is good, and any part of it with its anchor`() {
        let trail = Self.trail(50)
        #expect(Self.fault(in: trail) == nil)
        #expect(Self.fault(in: [], anchors: []) == nil)
        for event in trail {
            let anchor = AuditHead(sequence: event.sequence, digest: event.digest)
            #expect(Self.fault(in: trail, anchors: [anchor]) == nil)
            var verifier = AuditVerifier(after: anchor)
            for later in trail where later.sequence > event.sequence {
                #expect(throws: Never.self) { try verifier.check(later) }
            }
        }
    }

    @Test(arguments: 0..<17) func `every altered field of any event is found there`(alteration: Int) {
        let trail = Self.trail(20)
        for index in trail.indices {
            var altered = trail
            Self.alterations[alteration](&altered[index])
            #expect(Self.fault(in: altered) == Fault(sequence: UInt64(index + 1), problem: .altered))
        }
    }

    @Test func `deleting, inserting, repeating, swapping and cutting anywhere is found at its first number`() {
        let trail = Self.trail(30)
        for index in trail.indices {
            let number = UInt64(index + 1)
            var other = trail
            other.remove(at: index)
            // Nothing follows the last: only an anchor tells.
            let anchor = [AuditHead(sequence: 30, digest: trail[29].digest)]
            #expect(Self.fault(in: other, anchors: anchor)?.sequence == number)
            other = trail
            other.insert(trail[(index + 7) % 30], at: index)
            #expect(Self.fault(in: other, anchors: anchor)?.sequence == number || index + 7 == 30)
            other = trail
            other.insert(trail[index], at: index + 1)
            #expect(Self.fault(in: other, anchors: anchor)?.sequence == number + 1)
            for second in trail.indices.dropFirst(index + 1) {
                other = trail
                other.swapAt(index, second)
                #expect(Self.fault(in: other)?.sequence == number)
                // Swapped with their numbers and digests left in place.
                other = trail
                (other[index].record, other[second].record) = (trail[second].record, trail[index].record)
                #expect(Self.fault(in: other) == Fault(sequence: number, problem: .altered))
            }
            #expect(
                Self.fault(in: Array(trail.prefix(index)), anchors: anchor)
                    == Fault(sequence: number, problem: .truncated)
            )
        }
    }

    @Test func `a trail that was written anew with right digests is found by an anchor of the true one`() {
        let trail = Self.trail(20)
        let anchors = trail.map { AuditHead(sequence: $0.sequence, digest: $0.digest) }
        for index in trail.indices {
            var forged = trail
            forged[index].record.kind = "user.deleted"
            var digest = index == 0 ? AuditChain.start : forged[index - 1].digest
            for later in forged.indices.dropFirst(index) {
                digest = AuditChain.digest(
                    of: forged[later].record,
                    sequence: forged[later].sequence,
                    sealedAt: forged[later].sealedAt,
                    after: digest
                )
                forged[later].digest = digest
            }
            #expect(Self.fault(in: forged) == nil)
            #expect(
                Self.fault(in: forged, anchors: anchors)
                    == Fault(sequence: UInt64(index + 1), problem: .anchorMismatch)
            )
        }
    }

    @Test func `two anchors of one number that differ are refused`() {
        let anchors = [UInt8(1), 2].map { AuditHead(sequence: 3, digest: [UInt8](repeating: $0, count: 32)) }
        #expect(Self.fault(in: Self.trail(5), anchors: anchors) == Fault(sequence: 3, problem: .anchorMismatch))
    }

    /// Computed once by Tests/EndToEnd/audit_chain.py.
    @Test func `the digest of an event is what it always was`() {
        let event = Self.trail(3)[2]
        #expect(Hex.encode(event.digest) == "d1f3dab42872868f5a669d53111d6573b9ef95482eced5bb7033f72295311f7a")
    }
}
