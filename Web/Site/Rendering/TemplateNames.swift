internal import Mustache

/// Follows a template with a sample of what it is rendered with, so that a name nobody knows fails the start instead of
/// rendering nothing.
struct TemplateNames {
    /// Tokens of all templates by name, for partials.
    let templates: [String: [TemplateToken]]
    let template: String

    /// Throws for the first name that is not there.
    func check(against sample: Any) throws(TemplateProblem) {
        try check(.partial(template), [sample], depth: 0)
    }

    private func check(_ token: TemplateToken, _ stack: [Any], depth: Int) throws(TemplateProblem) {
        switch token {
        case .variable(let name):
            let value = try value(name, stack)
            guard value is String || value is Int else { throw problem("{{\(name)}} is neither a text nor a number") }
        case .partial(let name):
            guard depth < 8, let tokens = templates[name] else { throw problem("there is no template \(name)") }
            for token in tokens { try check(token, stack, depth: depth + 1) }
        case .section(let name, let isInverted, let tokens):
            let inner = isInverted ? stack : try enter(name, stack)
            if isInverted { _ = try value(name, stack) }
            for token in tokens { try check(token, inner, depth: depth) }
        }
    }

    private func enter(_ name: String, _ stack: [Any]) throws(TemplateProblem) -> [Any] {
        switch try value(name, stack) {
        case is Bool, is String: return stack
        case let list as [Any]:
            guard let first = list.first else { throw problem("the sample has nothing in \(name)") }
            return stack + [first]
        case let object: return stack + [object]
        }
    }

    private func value(_ name: String, _ stack: [Any]) throws(TemplateProblem) -> Any {
        let path = name.split(separator: ".").map(String.init)
        for object in stack.reversed() {
            guard let first = path.first, var found = Self.child(first, of: object) else { continue }
            for step in path.dropFirst() {
                guard let next = Self.child(step, of: found) else { throw unknown(name) }
                found = next
            }
            return found
        }
        throw unknown(name)
    }

    private static func child(_ name: String, of object: Any) -> Any? {
        if let parent = object as? any MustacheParent { return parent.child(named: name) }
        guard let value = Mirror(reflecting: object).children.first(where: { $0.label == name })?.value else {
            return nil
        }
        let mirror = Mirror(reflecting: value)
        return mirror.displayStyle == .optional ? mirror.children.first?.value : value
    }

    private func unknown(_ name: String) -> TemplateProblem { problem("nothing is called \(name) here") }

    private func problem(_ reason: String) -> TemplateProblem {
        TemplateProblem(template: template, line: nil, reason: reason)
    }
}
