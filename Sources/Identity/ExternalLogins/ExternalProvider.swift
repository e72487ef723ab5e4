package import Cryptography
package import MariaDB
package import OpenIDConnect

/// Somebody else whose word about people is taken.
package struct ExternalProvider: Sendable, Hashable, Codable {
    package let id: ExternalProviderID
    /// Part of addresses, for good: what comes back to the address of another provider is refused.
    package let name: String
    package var displayName: String
    package let preset: ProviderPreset
    package var settings: ProviderSettings
    package var isEnabled: Bool
    /// Whether a secret or private key is stored; it is never told.
    package var hasSecret: Bool
    package var revision: UInt64
    package let createdAt: Timestamp
    package var updatedAt: Timestamp
}

/// What to write of a provider; a field that is nil stays as it is.
package struct ProviderChanges: Sendable {
    package var displayName: String?
    package var isEnabled: Bool?
    /// The client secret, or the private key in PEM where the settings use one.
    package var secret: SecretBytes?
    /// Changes the settings in place.
    package var settings: (@Sendable (inout ProviderSettings) -> Void)?

    package init(
        displayName: String? = nil,
        isEnabled: Bool? = nil,
        secret: SecretBytes? = nil,
        settings: (@Sendable (inout ProviderSettings) -> Void)? = nil
    ) {
        self.displayName = displayName
        self.isEnabled = isEnabled
        self.secret = secret
        self.settings = settings
    }
}

/// What anybody may know of a provider: enough for a button.
package struct ProviderButton: Sendable, Hashable, Codable {
    package let name: String
    package let displayName: String
    package let preset: ProviderPreset
}

extension ExternalProvider {
    var button: ProviderButton { ProviderButton(name: name, displayName: displayName, preset: preset) }
}

/// The name of a provider: 1 to 40 small letters, digits and hyphens, a letter first.
enum ProviderName {
    static func checked(_ text: String) throws(FlowError) -> String {
        let bytes = Array(text.utf8)
        guard (1...40).contains(bytes.count), (0x61...0x7A).contains(bytes[0]), bytes.last != UInt8(ascii: "-"),
            bytes.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") })
        else {
            throw .invalid("name", .fieldInvalid, "must be 1 to 40 of a-z, 0-9 and -, a letter first")
        }
        return text
    }
}
