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
}
