/// Walks the trail event by event and stops at the first that is not what was sealed.
///
/// Needs no key: whoever rewrote the trail with all its digests is found by an anchor, and on the server by the codes.
package struct AuditVerifier: Sendable {
    /// What is wrong at the first bad number.
    package struct Fault: Error, Sendable, Hashable {
        /// The kinds of fault.
        package enum Problem: String, Sendable, CaseIterable {
            /// The event that belongs here is not here: deleted, or moved elsewhere.
            case missing
            /// Another event stands here: inserted, repeated or moved.
            case outOfPlace = "out_of_place"
            /// The event is not the one that was sealed.
            case altered
            /// The code was not made with the server's key.
            case forged
            /// The trail is not the one that the anchor was taken from.
            case anchorMismatch = "anchor_mismatch"
            /// The trail ends before the anchor.
            case truncated
        }

        package let sequence: UInt64
        package let problem: Problem

        package init(sequence: UInt64, problem: Problem) {
            self.sequence = sequence
            self.problem = problem
        }
    }

    /// The last event found good.
    package private(set) var head: AuditHead
    private let anchors: [UInt64: [UInt8]]

    /// Begins after `head`, which is trusted.
    package init(after head: AuditHead = .start) {
        self.head = head
        anchors = [:]
    }

    /// Begins after `head`, which is trusted, and holds the trail against digests that were kept elsewhere.
    package init(after head: AuditHead = .start, anchors: [AuditHead]) throws(Fault) {
        self.head = head
        var bySequence: [UInt64: [UInt8]] = [:]
        for anchor in anchors {
            if let other = bySequence.updateValue(anchor.digest, forKey: anchor.sequence), other != anchor.digest {
                throw Fault(sequence: anchor.sequence, problem: .anchorMismatch)
            }
        }
        self.anchors = bySequence
        guard bySequence[head.sequence].map({ $0 == head.digest }) ?? true else {
            throw Fault(sequence: head.sequence, problem: .anchorMismatch)
        }
    }

    /// Looks at the next event.
    package mutating func check(_ event: SealedEvent) throws(Fault) {
        let expected = head.sequence + 1
        guard event.sequence == expected else {
            throw Fault(sequence: expected, problem: event.sequence > expected ? .missing : .outOfPlace)
        }
        let digest = AuditChain.digest(
            of: event.record,
            sequence: expected,
            sealedAt: event.sealedAt,
            after: head.digest
        )
        guard digest == event.digest else { throw Fault(sequence: expected, problem: .altered) }
        guard anchors[expected].map({ $0 == digest }) ?? true else {
            throw Fault(sequence: expected, problem: .anchorMismatch)
        }
        head = AuditHead(sequence: expected, digest: digest)
    }

    /// Says that no more events follow.
    package func finish() throws(Fault) {
        if let last = anchors.keys.max(), last > head.sequence {
            throw Fault(sequence: head.sequence + 1, problem: .truncated)
        }
    }
}
