internal import Mustache

/// The strings of one language.
struct Texts: Sendable {
    let language: String
    private let strings: [String: String]
    private let prefixes: Set<String>

    init(language: String, strings: [String: String]) {
        self.language = language
        self.strings = strings
        prefixes = Set(strings.keys.flatMap(Self.prefixes))
    }

    /// The string of an id; the id itself when there is none, which the check at start rules out for templates.
    subscript(_ id: String) -> String { strings[id] ?? id }

    /// The string of an id with `{name}` replaced; what is put in is not read again, and does not disturb the order of what
    /// stands around it.
    func text(_ id: String, _ values: [String: String]) -> String { plainText(id, values.mapValues(isolated)) }

    /// A value as it may stand among words of this language: where these run from right to left, between the marks U+2068
    /// and U+2069, by which it has a direction of its own (UAX 9 section 2.4).
    func isolated(_ value: String) -> String {
        self["language.direction"] == "rtl" ? "\u{2068}\(value)\u{2069}" : value
    }

    /// The same as `text` without marks, for what is kept, or sent where each sign counts.
    func plainText(_ id: String, _ values: [String: String]) -> String {
        var result: [UInt8] = []
        var rest = Array(self[id].utf8)[...]
        while let byte = rest.first {
            if byte == UInt8(ascii: "{"), let end = rest.firstIndex(of: UInt8(ascii: "}")),
                let value = values[String(decoding: rest[(rest.startIndex + 1)..<end], as: UTF8.self)]
            {
                result += value.utf8
                rest = rest[(end + 1)...]
            } else {
                result.append(byte)
                rest.removeFirst()
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    var ids: Set<String> { Set(strings.keys) }

    /// The names between braces in a string.
    static func placeholders(_ text: String) -> Set<String> {
        // What stands before the first brace is no placeholder, also when it is empty.
        let parts = text.split(separator: "{", omittingEmptySubsequences: false).dropFirst()
        return Set(parts.compactMap { $0.split(separator: "}").first.map(String.init) })
    }

    /// `a`, `a.b` of `a.b.c`.
    private static func prefixes(of id: String) -> [String] {
        let parts = id.split(separator: ".")
        return (1..<max(1, parts.count)).map { parts.prefix($0).joined(separator: ".") }
    }

    fileprivate func child(_ path: String) -> Any? {
        strings[path] ?? (prefixes.contains(path) ? Group(texts: self, prefix: path) : nil)
    }

    /// All strings whose ids begin alike.
    fileprivate struct Group: MustacheParent {
        let texts: Texts
        let prefix: String

        func child(named name: String) -> Any? { texts.child(prefix + "." + name) }
    }
}

extension Texts: MustacheParent {
    func child(named name: String) -> Any? { child(name) }
}
