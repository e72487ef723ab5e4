import Cryptography

/// One counted thing: a row of `throttles`, its rule, and whom it concerns.
struct ThrottleSubject: Sendable {
    let kind: ThrottleKind
    /// The method or purpose, for administrators: `email_code`.
    let label: String
    /// The keyed hash that is the row's key.
    let hash: [UInt8]
    /// The user it concerns, so that administrators find it; part of no decision.
    let userID: UserID?
    let rule: ThrottleRule
}

/// Who is counted: the account when there is one, else the name that was typed, in canonical form (SECURITY TH-02).
///
/// An account on a recognised device, or in a session, is counted apart, so that strangers cannot lock its owner out
/// (TH-05).
enum ThrottledAccount: Sendable, Hashable {
    case user(UserID)
    /// With the id of the device or session.
    case userApart(UserID, [UInt8])
    case name(kind: IdentifierKind, canonical: [UInt8])

    /// Bytes that no other account has.
    var identity: [UInt8] {
        switch self {
        case .user(let id): [0] + id.bytes
        case .userApart(let id, let apart): [0] + id.bytes + apart
        case .name(let kind, let canonical): [kind.rawValue] + canonical
        }
    }

    var userID: UserID? {
        switch self {
        case .user(let id), .userApart(let id, _): id
        case .name: nil
        }
    }
}

/// Makes the keys of throttle rows: keyed hashes, so that the table tells nobody's address.
struct ThrottleKeys: Sendable {
    let keyRing: KeyRing

    /// The subject of one kind, label and identity; kind and label are part of the hash.
    func subject(
        _ kind: ThrottleKind,
        label: String,
        identity: [UInt8],
        userID: UserID? = nil,
        rule: ThrottleRule
    ) -> ThrottleSubject {
        var input: [UInt8] = [kind.rawValue, UInt8(truncatingIfNeeded: label.utf8.count)]
        input += label.utf8
        input += identity
        let hash = keyRing.authenticationCode(for: input, purpose: .throttleKey).bytes
        return ThrottleSubject(kind: kind, label: label, hash: hash, userID: userID, rule: rule)
    }

    /// A row beside a subject's own, for what must cost the same and count for nothing.
    func decoy(_ subject: ThrottleSubject) -> ThrottleSubject {
        self.subject(subject.kind, label: subject.label + "_decoy", identity: subject.hash, rule: subject.rule)
    }

    /// The subjects of a source address: the address itself, and its prefix where that is more than the address.
    func sourceSubjects(
        _ source: SourceAddress?,
        label: String,
        address: (kind: ThrottleKind, rule: ThrottleRule),
        prefix: (kind: ThrottleKind, rule: ThrottleRule)
    ) -> [ThrottleSubject] {
        guard let source else { return [] }
        let ofAddress = subject(address.kind, label: label, identity: source.bytes, rule: address.rule)
        guard source.prefix != source.bytes else { return [ofAddress] }
        return [ofAddress, subject(prefix.kind, label: label, identity: source.prefix, rule: prefix.rule)]
    }

    /// One of the rows that a total is spread over; each may use its share.
    func totalSubject(
        _ kind: ThrottleKind,
        label: String,
        rule: ThrottleRule,
        shards: UInt32,
        random: any RandomSource
    ) -> ThrottleSubject {
        let shards = max(1, shards)
        let shard = random.uniform(below: shards)
        var share = rule
        share.limit = max(1, rule.limit / shards)
        let identity = (0..<4).map { UInt8(truncatingIfNeeded: shard >> (8 * $0)) }
        return subject(kind, label: label, identity: identity, rule: share)
    }
}
