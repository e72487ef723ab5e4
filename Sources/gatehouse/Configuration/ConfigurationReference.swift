/// The table of all settings, as Markdown, made from the catalogue.
enum ConfigurationReference {
    static var markdown: String {
        let rows = Options.all.map { option in
            let fallback = option.defaultText.isEmpty ? "" : "`\(option.defaultText)`"
            return "| `\(option.key)` | \(fallback) | \(option.summary) Expects \(option.expects). |"
        }
        return (["| key | default | what it is |", "|---|---|---|"] + rows).joined(separator: "\n")
    }
}
