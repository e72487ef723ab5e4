/// What a service account may do: permissions by name, whole areas (`users.*`), or everything (`*`).
///
/// Empty: nothing.
package struct ScopeSet: Sendable, Hashable, Codable {
    /// The scopes in order; `*` stands alone.
    package let names: [String]

    /// Takes scopes that exist, in any order, without regard to repetition; nil when one is unknown.
    package init?(_ names: some Sequence<String>) {
        let names = Set(names)
        guard names.allSatisfy(Self.isKnown) else { return nil }
        self.names = names.contains(Self.everything) ? [Self.everything] : names.sorted()
    }

    /// The scopes in `names` that no permission answers to.
    package static func unknown(among names: [String]) -> [String] {
        names.filter { !isKnown($0) }
    }

    /// All rights: the administrator's.
    package static let all = ScopeSet(trusted: [everything])
    /// No rights.
    package static let none = ScopeSet(trusted: [])

    /// Whether these scopes grant a permission; unknown permissions are granted by `*` only.
    package func allows(_ permission: String) -> Bool {
        names.contains { scope in
            if scope == Self.everything || scope == permission { return true }
            guard let granted = Self.area(of: scope), let wanted = Self.area(ofPermission: permission) else {
                return false
            }
            return granted == wanted
        }
    }

    /// Whether everything that `other` grants, now or with permissions to come, is granted here too.
    package func covers(_ other: ScopeSet) -> Bool {
        other.names.allSatisfy { scope in
            names.contains(Self.everything) || names.contains(scope)
                || (scope != Self.everything && Self.area(of: scope) == nil && allows(scope))
        }
    }

    /// Whether these are all rights.
    package var isEverything: Bool { names.contains(Self.everything) }

    /// As stored: names with spaces between.
    var stored: String { names.joined(separator: " ") }

    /// Reads the stored form; names that this version does not know grant nothing and are dropped.
    init(stored: String) {
        let names = stored.split(separator: " ").map(String.init).filter(Self.isKnown)
        self.init(trusted: names.contains(Self.everything) ? [Self.everything] : Set(names).sorted())
    }

    private init(trusted names: [String]) {
        self.names = names
    }

    private static let everything = "*"

    private static func isKnown(_ scope: String) -> Bool {
        scope == everything
            || Permission.allCases.contains {
                $0.rawValue == scope || ($0.area != $0.rawValue && $0.area + ".*" == scope)
            }
    }

    /// `users` for `users.*`; nil for other scopes.
    private static func area(of scope: String) -> Substring? {
        scope.hasSuffix(".*") ? scope.dropLast(2) : nil
    }

    /// `users` for `users.read`; nil for a permission without a dot, which no area holds.
    private static func area(ofPermission permission: String) -> Substring? {
        permission.utf8.contains(UInt8(ascii: ".")) ? permission.prefix { $0 != "." } : nil
    }
}
