/// One setting: its key, what it expects, its default and what it is for.
///
/// The key is written `site.listen-port` in the file, `GATEHOUSE_SITE_LISTEN_PORT` in the environment and
/// `--site-listen-port` on the command line.
struct ConfigurationOption<Value: Sendable & Equatable>: Sendable {
    let key: String
    /// The default as one would write it; empty when there is none.
    let defaultText: String
    let fallback: Value
    /// What a valid value looks like, for error messages: "a port number from 0 to 65535".
    let expects: String
    let summary: String
    /// Reads a value as written; nil when it is not valid.
    let parse: @Sendable (String) -> Value?

    init(
        _ key: String,
        default defaultText: String,
        _ fallback: Value,
        expects: String,
        _ summary: String,
        parse: @escaping @Sendable (String) -> Value?
    ) {
        self.key = key
        self.defaultText = defaultText
        self.fallback = fallback
        self.expects = expects
        self.summary = summary
        self.parse = parse
    }
}

/// What the reference, the check for unknown keys and the flags need to know of an option, whatever its type.
struct ConfigurationOptionDescription: Sendable {
    let key: String
    let defaultText: String
    let expects: String
    let summary: String
    /// Whether the default could be written in a file as it is documented, range and all; a test asks every option.
    let acceptsDefault: Bool

    init<Value>(_ option: ConfigurationOption<Value>) {
        key = option.key
        defaultText = option.defaultText
        expects = option.expects
        summary = option.summary
        acceptsDefault = option.defaultText.isEmpty || option.parse(option.defaultText) == option.fallback
    }

    /// The name of the environment variable that sets it.
    var environmentName: String {
        "GATEHOUSE_" + String(key.uppercased().map { $0 == "." || $0 == "-" ? "_" : $0 })
    }

    /// The command-line flag that sets it, without its dashes.
    var flagName: String {
        String(key.map { $0 == "." ? "-" : $0 })
    }
}
