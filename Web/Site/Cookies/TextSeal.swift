internal import Cryptography

/// Keeps a text in a cookie that nobody can read or make but this site, and that is good for one purpose.
struct TextSeal: Sendable {
    /// More would be larger than browsers keep.
    private static let maximum = 2500

    let keyRing: KeyRing

    /// The value of the cookie; nil when it cannot be sealed.
    ///
    /// `owner` is whose it is, where it is somebody's: to anybody else it does not open.
    func seal(_ text: String, for purpose: StaticString, of owner: [UInt8] = []) -> String? {
        guard text.utf8.count <= Self.maximum else { return nil }
        let sealed = try? keyRing.seal(Array(text.utf8), for: .cookie, context: Self.context(purpose, owner))
        return sealed.map { Base64URL.encode($0) }
    }

    /// What a cookie holds; nil for what was not sealed for this purpose and owner.
    func open(_ value: String?, for purpose: StaticString, of owner: [UInt8] = []) -> String? {
        guard let value, let sealed = Base64URL.decode(value) else { return nil }
        let opened = try? keyRing.open(sealed, for: .cookie, context: Self.context(purpose, owner))
        return opened?.validatedUTF8String()
    }

    private static func context(_ purpose: StaticString, _ owner: [UInt8]) -> AssociatedContext {
        AssociatedContext(table: "site", row: owner, column: purpose)
    }
}
