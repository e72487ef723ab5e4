internal import Identity

// Which passkeys are taken.
extension Options {
    static let passkeyRelatedOrigins = ConfigurationOption.list(
        "passkeys.related-origins",
        expects: "https://host[:port], with commas between",
        "Other origins whose pages may use this site's passkeys; all of them together with the site may have five names, such as `example` of example.com and example.de."
    )
    static let passkeysPerUser = ConfigurationOption.number(
        "passkeys.maximum-per-user",
        default: 50,
        in: 1...100,
        "Passkeys of a user."
    )
    static let passkeyUserVerification = ConfigurationOption<PasskeyUserVerification>.choice(
        "passkeys.user-verification",
        default: .preferred,
        "Whether new passkeys must ask their owner for a PIN or the like. One that is the only factor always must."
    )
    static let passkeyAlgorithms = ConfigurationOption.list(
        "passkeys.algorithms",
        expects: "names such as ES256, with commas between",
        "Signature algorithms that authenticators are asked for, the most wanted first: EdDSA, ES256, ES384, ES512, Ed448, PS256, PS384, PS512, RS256, RS384, RS512. Default: EdDSA,ES256,RS256,ES384,ES512,PS256."
    )
    static let passkeysMaySynchronise = ConfigurationOption.flag(
        "passkeys.allow-synchronised",
        default: true,
        "Whether passkeys are taken that their owner's devices share. Without, only keys that never leave their device."
    )
    static let attestationConveyance = ConfigurationOption<AttestationConveyance>.choice(
        "passkeys.attestation",
        default: .none,
        "What browsers are asked to tell of an authenticator's model."
    )
    static let attestationFormats = ConfigurationOption.list(
        "passkeys.attestation-formats",
        expects: "names such as packed, with commas between",
        "Formats of attestation that are taken: none, packed, tpm, apple, compound, android-key, fido-u2f. Default: all."
    )
    static let attestationIsTrusted = ConfigurationOption.flag(
        "passkeys.require-trusted-attestation",
        default: false,
        "Whether only passkeys are taken for whose model a known authority vouches."
    )
    static let attestationRoots = ConfigurationOption.text(
        "passkeys.attestation-roots-file",
        expects: "a PEM file",
        "Authorities that vouch for models of authenticators."
    )
    static let metadataFile = ConfigurationOption.text(
        "passkeys.metadata-file",
        expects: "a file",
        "The FIDO Metadata Service's file, which you fetch, as each issue tells until when it is good. Models that it reports as compromised are refused, and it brings the authorities of all others."
    )
    static let metadataRoots = ConfigurationOption.text(
        "passkeys.metadata-ca-file",
        expects: "a PEM file",
        "The root of the authority that certifies who signs the FIDO metadata. Required with `passkeys.metadata-file`."
    )
    static let allowedModels = ConfigurationOption.list(
        "passkeys.allowed-models",
        expects: "AAGUIDs, with commas between",
        "The only models of authenticators that are taken. Needs `passkeys.require-trusted-attestation`."
    )
    static let deniedModels = ConfigurationOption.list(
        "passkeys.denied-models",
        expects: "AAGUIDs, with commas between",
        "Models of authenticators that are refused."
    )
}
