/// The modules that pages may load; each is whole by itself, since its address changes with its content.
enum SiteScript: String, Sendable, CaseIterable {
    /// Keeps every form from being sent twice; on all pages.
    case forms
    /// Ceremonies of passkeys in forms that are marked with `data-passkey`.
    case passkeys
    /// A button that shows what was typed into a password field.
    case passwords
    /// Tells password managers which passkeys are still accepted.
    case signals

    var fileName: String { "\(rawValue).js" }

    /// All of them, ready to be served.
    static func files(_ files: SiteFiles) throws -> [SiteScript: StaticFile] {
        var found: [SiteScript: StaticFile] = [:]
        for script in allCases {
            found[script] = try StaticFile(
                name: script.fileName,
                bytes: files.bytes("Static/\(script.fileName)")
            )
        }
        return found
    }
}
