package import MariaDB

/// The stored name of a sign-in method; part of throttle keys, proofs and audit events.
package enum SignInMethodName: String, Sendable, Hashable, CaseIterable {
    case emailCode = "email_code"
    case smsCode = "sms_code"
    case totp = "totp"
    case passkey = "passkey"
    case password = "password"
    case recoveryCode = "recovery_code"
    /// A provider vouched for him.
    case external = "external"

    /// The `amr` value of a session (RFC 8176 section 2).
    var authenticationMethodReference: String {
        switch self {
        case .emailCode, .totp: "otp"
        case .smsCode: "sms"
        // There is no registered name; what a session was begun with for repairing an account has to be told apart.
        case .recoveryCode: "recovery_code"
        case .password: "pwd"
        case .passkey: "hwk"
        // Nothing is registered for it, either.
        case .external: "external"
        }
    }
}

/// What a proof is worth towards an assurance level (NIST SP 800-63B-4 section 2).
package enum FactorKind: UInt8, Sendable, Hashable, Comparable, Codable {
    /// Control of an address. It opens a session, and never adds up to two factors (SECURITY OTP-09).
    case address = 1
    /// Something that is known: a password.
    case knowledge = 2
    case possession = 3
    /// Two factors in one, such as a user-verified passkey.
    case multiple = 4

    package static func < (left: FactorKind, right: FactorKind) -> Bool { left.rawValue < right.rawValue }
}

/// One thing a person proved in a flow.
package struct Factor: Sendable, Hashable {
    package let method: SignInMethodName
    package let kind: FactorKind
    package let provedAt: Timestamp
    /// When the password that was proved was set; it tells that one from those before and after it.
    package let setAt: Timestamp?

    /// What it is worth among factors that are enrolled here: a provider's word stands in for none of them (SECURITY SU-02).
    var enrolledKind: FactorKind { method == .external ? .address : kind }

    package init(method: SignInMethodName, kind: FactorKind, provedAt: Timestamp, setAt: Timestamp? = nil) {
        self.method = method
        self.kind = kind
        self.provedAt = provedAt
        self.setAt = setAt
    }
}

extension AssuranceLevel {
    /// The level that these proofs reach together; nil without any.
    init?(provedBy factors: [Factor]) {
        guard !factors.isEmpty else { return nil }
        let kinds = Set(factors.map(\.kind))
        let isTwoFactors = kinds.contains(.multiple) || kinds.isSuperset(of: [.knowledge, .possession])
        self = isTwoFactors ? .aal2 : .aal1
    }
}

extension Factor {
    /// The proofs of a flow as one column holds them: `email_code:1:1700000000000000`, with commas between; of a password
    /// also when it was set, after a further colon.
    static func text(of factors: [Factor]) -> String {
        factors.map { factor in
            let times = [factor.provedAt, factor.setAt].compactMap { $0 }
            let numbers = [Int64(factor.kind.rawValue)] + times.map(\.microsecondsSinceEpoch)
            return "\(factor.method.rawValue):" + numbers.map(String.init).joined(separator: ":")
        }
        .joined(separator: ",")
    }

    /// Reads what `text(of:)` wrote; nil when any part is not understood, so that nothing is proved by chance.
    static func factors(from text: String) -> [Factor]? {
        var factors: [Factor] = []
        for entry in text.split(separator: ",", omittingEmptySubsequences: true) {
            guard let factor = Factor(entry: entry) else { return nil }
            factors.append(factor)
        }
        return factors
    }

    private init?(entry: Substring) {
        let parts = entry.split(separator: ":", omittingEmptySubsequences: false)
        guard let method = parts.first.flatMap({ SignInMethodName(rawValue: String($0)) }),
            parts.count == 3 || parts.count == 4 && method == .password,
            let kind = UInt8(parts[1]).flatMap(FactorKind.init(rawValue:))
        else { return nil }
        let times = parts.dropFirst(2).compactMap { Int64($0).map(Timestamp.init(microsecondsSinceEpoch:)) }
        guard let provedAt = times.first, times.count == parts.count - 2 else { return nil }
        self.init(method: method, kind: kind, provedAt: provedAt, setAt: times.dropFirst().first)
    }
}
