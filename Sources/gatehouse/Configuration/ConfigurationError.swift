/// Everything that is wrong with a configuration, each problem with where it stands.
struct ConfigurationError: Error, CustomStringConvertible {
    /// One problem, as a sentence that names the key or flag; never holds a value.
    let problems: [String]

    var description: String {
        let list = problems.map { "  - \($0)" }.joined(separator: "\n")
        return problems.count == 1
            ? "Configuration: \(problems[0])" : "Configuration has \(problems.count) problems:\n\(list)"
    }
}
