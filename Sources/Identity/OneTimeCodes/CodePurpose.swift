/// What a code is good for; a code of one purpose never serves another (SECURITY OTP-05).
///
/// Raw values are stored.
enum CodePurpose: UInt8, Sendable, Hashable {
    case signIn = 1
    /// Proves an address that a signed-in person wants to have.
    case address = 2
}
