/// Who gets an account by proving an address that nobody has (SECURITY ADM-11); holds on every path.
package enum SelfRegistration: Sendable, Hashable {
    /// Anyone.
    case open
    /// Those who were invited: by a link, or since an administrator put their address in.
    case invited
    /// Nobody, invited or not; only existing users sign in.
    case closed
    /// Those whose address is in one of these domains, in canonical (ASCII, lower-case) form; sub-domains do not count.
    case domains([String])

    /// Whether an unknown e-mail with this canonical key may become a user by proving it.
    func admits(canonicalEmail: [UInt8]) -> Bool {
        switch self {
        case .open: true
        case .invited, .closed: false
        case .domains(let domains):
            canonicalEmail.lastIndex(of: UInt8(ascii: "@")).map { at in
                domains.contains { Array($0.utf8) == Array(canonicalEmail[(at + 1)...]) }
            } ?? false
        }
    }
}
