// How other servers are reached.
extension Options {
    static let developmentHosts = ConfigurationOption.list(
        "providers.development-hosts",
        expects: "host or host:port, with commas between",
        "Hosts that requests are sent to without TLS and in private networks, too; for development. Never name one that others could make this server ask."
    )
    static let providersCertificateAuthority = ConfigurationOption.text(
        "providers.ca-file",
        expects: "a PEM file",
        "Authorities that are trusted for providers instead of the system's."
    )
    static let providersTimeout = ConfigurationOption.duration(
        "providers.timeout",
        default: .seconds(10),
        in: .seconds(1)...(.seconds(60)),
        "How long one request to a provider may take."
    )
}
