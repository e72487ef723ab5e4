/// What a short message may mention.
package struct TextMessageValues: Sendable, Hashable {
    /// What its code is for.
    package enum Purpose: Sendable, Hashable, CaseIterable {
        case signIn
        case confirmation
        case address
        /// To a number that an account has already: its owner is told, and nobody else.
        case takenAddress
    }

    package let purpose: Purpose
    package let siteName: String
    package let code: String
    /// The whole minutes it is good for from when it was asked for.
    package let minutes: Int

    package init(_ purpose: Purpose, siteName: String, code: String, minutes: Int) {
        (self.purpose, self.siteName, self.code, self.minutes) = (purpose, siteName, code, minutes)
    }
}

extension TextMessageValues.Purpose {
    init(_ purpose: OneTimeCodeMessage.Purpose) {
        self =
            switch purpose {
            case .signIn: .signIn
            case .confirmation: .confirmation
            case .address: .address
            case .takenAddress: .takenAddress
            }
    }
}

/// The last line of a short message, by which browsers fill a code in on this site and nowhere else ("Origin-bound one-time
/// codes delivered via SMS", WICG).
enum OriginBoundCode {
    static func line(siteURL: String, code: String) -> String {
        let afterScheme = siteURL.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: true).dropFirst()
        let authority = afterScheme.first.map { String(decoding: Array($0), as: UTF8.self) } ?? ""
        // The format has no place for ports.
        let host = authority.utf8.prefix { $0 != UInt8(ascii: ":") }
        return "@\(String(decoding: Array(host), as: UTF8.self)) #\(code)"
    }
}
