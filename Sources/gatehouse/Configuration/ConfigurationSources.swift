internal import Configuration
internal import Foundation
internal import Yams

/// The three places settings come from, strongest last: file, environment, flags.
struct ConfigurationSources {
    private(set) var problems: [String] = []
    private let reader: ConfigReader
    /// Where the text of each key came from, for error messages.
    private let origins: [String: String]

    /// Reads the sources and refuses every key that no option has.
    ///
    /// - Parameters:
    ///   - file: Path of a YAML file; nil for none.
    ///   - environment: Variables of which those beginning with `GATEHOUSE_` count.
    ///   - flags: What follows the command: `--site-listen-port 8080` or `--site-listen-port=8080`.
    ///   - options: Every option there is.
    ///   - otherVariables: `GATEHOUSE_` variables that are not options: those of the administration commands.
    init(
        file: String?,
        environment: [String: String],
        flags: [String],
        options: [ConfigurationOptionDescription],
        otherVariables: Set<String>
    ) {
        var problems: [String] = []
        let fromFile = Self.values(inFile: file, options: options, problems: &problems)
        let fromEnvironment = Self.values(
            in: environment,
            options: options,
            otherVariables: otherVariables,
            problems: &problems
        )
        let fromFlags = Self.values(inFlags: flags, options: options, problems: &problems)
        var origins: [String: String] = [:]
        for key in fromFile.keys { origins[key] = file ?? "" }
        for option in options where fromEnvironment[option.key] != nil { origins[option.key] = option.environmentName }
        for option in options where fromFlags[option.key] != nil { origins[option.key] = "--" + option.flagName }
        self.origins = origins
        self.problems = problems
        reader = ConfigReader(
            providers: [
                Self.provider("flags", fromFlags), Self.provider("environment", fromEnvironment),
                Self.provider("file", fromFile),
            ]
        )
    }

    /// The value of an option; the default when it is not set; a problem is noted when it is not valid.
    mutating func read<Value>(_ option: ConfigurationOption<Value>) -> Value {
        guard let text = reader.string(forKey: ConfigKey(option.key)), !text.isEmpty else { return option.fallback }
        guard let value = option.parse(text) else {
            problems.append("\(option.key) (from \(origins[option.key] ?? "?")) must be \(option.expects)")
            return option.fallback
        }
        return value
    }

    private static func provider(_ name: String, _ values: [String: String]) -> InMemoryProvider {
        let pairs = values.map { (AbsoluteConfigKey($0.key.split(separator: ".").map(String.init)), $0.value) }
        return InMemoryProvider(
            name: name,
            values: Dictionary(uniqueKeysWithValues: pairs.map { ($0, ConfigValue(.string($1), isSecret: false)) })
        )
    }
}

// MARK: - The file

extension ConfigurationSources {
    private static func values(
        inFile path: String?,
        options: [ConfigurationOptionDescription],
        problems: inout [String]
    ) -> [String: String] {
        guard let path else { return [:] }
        guard let data = FileManager.default.contents(atPath: path), let text = String(validating: data, as: UTF8.self)
        else {
            problems.append("the file \(path) cannot be read as UTF-8 text")
            return [:]
        }
        var values: [String: String] = [:]
        do {
            guard let root = try Yams.compose(yaml: text) else { return [:] }
            flatten(root, under: "", into: &values, problems: &problems)
        } catch {
            problems.append("the file \(path) is not valid YAML")
        }
        let known = Set(options.map(\.key))
        for key in values.keys.sorted() where !known.contains(key) {
            problems.append(
                "the file \(path) has an unknown key: \(key)\(suggestion(for: key, among: options.map(\.key)))"
            )
            values[key] = nil
        }
        return values
    }

    private static func flatten(
        _ node: Node,
        under prefix: String,
        into values: inout [String: String],
        problems: inout [String]
    ) {
        switch node {
        case .scalar(let scalar): values[prefix] = scalar.string
        case .sequence(let sequence):
            let items = sequence.compactMap(\.scalar?.string)
            if items.count != sequence.count { problems.append("\(prefix) must be a list of texts") }
            values[prefix] = items.joined(separator: ",")
        case .mapping(let mapping):
            for (key, value) in mapping {
                guard let name = key.scalar?.string else { continue }
                flatten(value, under: prefix.isEmpty ? name : "\(prefix).\(name)", into: &values, problems: &problems)
            }
        case .alias: problems.append("\(prefix) uses a YAML alias, which is not supported")
        }
    }
}

// MARK: - Environment and flags

extension ConfigurationSources {
    private static func values(
        in environment: [String: String],
        options: [ConfigurationOptionDescription],
        otherVariables: Set<String>,
        problems: inout [String]
    ) -> [String: String] {
        let byName = Dictionary(uniqueKeysWithValues: options.map { ($0.environmentName, $0.key) })
        var values: [String: String] = [:]
        for (name, value) in environment where name.hasPrefix("GATEHOUSE_") && !otherVariables.contains(name) {
            if let key = byName[name] {
                values[key] = value
            } else {
                let near = suggestion(for: name, among: options.map(\.environmentName))
                problems.append("the environment has an unknown variable: \(name)\(near)")
            }
        }
        return values
    }

    private static func values(
        inFlags flags: [String],
        options: [ConfigurationOptionDescription],
        problems: inout [String]
    ) -> [String: String] {
        let byName = Dictionary(uniqueKeysWithValues: options.map { ($0.flagName, $0.key) })
        var values: [String: String] = [:]
        var rest = flags[...]
        while let flag = rest.popFirst() {
            let parts = flag.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = parts.first.map(String.init) ?? ""
            guard flag.hasPrefix("--"), let key = byName[name] else {
                problems.append(
                    "unknown option \(flag.split(separator: "=")[0])"
                        + suggestion(for: name, among: options.map(\.flagName))
                )
                continue
            }
            guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() else {
                problems.append("--\(name) needs a value")
                continue
            }
            if values.updateValue(value, forKey: key) != nil { problems.append("--\(name) is given twice") }
        }
        return values
    }

    /// The nearest known name, for a misspelt one.
    private static func suggestion(for name: String, among known: [String]) -> String {
        let nearest = known.min { EditDistance.between($0, name) < EditDistance.between($1, name) }
        guard let nearest, EditDistance.between(nearest, name) <= 3 else { return "" }
        return " (did you mean \(nearest)?)"
    }
}
