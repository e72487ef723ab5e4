import Cryptography
package import MariaDB

/// The hash chain over the audit trail (SECURITY LOG-03).
///
/// The digest of event n is SHA-256 over a label, the digest of event n-1, and the event in the canonical form below. So
/// each digest stands for the whole trail up to it, and needs no key to be checked. Each also has an HMAC under a key of
/// the ring: who can write the database but has no key can compute digests, not codes. A code answers for all that came
/// before it, so that an old key may go when newer codes exist.
package enum AuditChain {
    /// The digest before the first event.
    package static let start = [UInt8](repeating: 0, count: 32)

    private static let label = Array("gatehouse audit v1\0".utf8)
    private static let codeLabel = Array("gatehouse audit code v1\0".utf8)

    /// The digest of an event at its place.
    package static func digest(
        of record: AuditRecord,
        sequence: UInt64,
        sealedAt: Timestamp,
        after previous: [UInt8]
    ) -> [UInt8] {
        SHA256.digest(of: label + previous + canonical(record, sequence: sequence, sealedAt: sealedAt))
    }

    /// What the code of a digest covers.
    static func covered(sequence: UInt64, digest: [UInt8]) -> [UInt8] {
        codeLabel + bytes(sequence) + digest
    }

    /// One encoding for each event and no two events with the same.
    ///
    /// Numbers are eight bytes, most significant first; every text and id is 0 when absent or empty, else 1, its length in eight
    /// bytes, and its bytes.
    static func canonical(_ record: AuditRecord, sequence: UInt64, sealedAt: Timestamp) -> [UInt8] {
        var result = bytes(sequence) + bytes(sealedAt) + bytes(record.occurredAt)
        result += [record.outcome, record.actorKind]
        let ids = [
            record.id, record.actorID, record.viaServiceAccount, record.subjectUser, record.subjectID, record.session,
        ]
        let texts = [record.kind, record.reason, record.sourceAddress, record.requestID, record.details]
        for value in ids + texts.map({ $0.map { Array($0.utf8) } }) {
            guard let value, !value.isEmpty else {
                result.append(0)
                continue
            }
            result.append(1)
            result += bytes(UInt64(value.count))
            result += value
        }
        return result
    }

    private static func bytes(_ time: Timestamp) -> [UInt8] {
        bytes(UInt64(bitPattern: time.microsecondsSinceEpoch))
    }

    private static func bytes(_ number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * UInt64($0))) }
    }
}
