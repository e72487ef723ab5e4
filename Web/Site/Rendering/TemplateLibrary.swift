internal import Mustache

/// All templates, read and checked.
struct TemplateLibrary: Sendable {
    private let library: MustacheLibrary

    /// - Parameters:
    ///   - sources: Text by name; names with the ending `.txt` are plain text.
    ///   - samples: What each template on its own is rendered with; partials are checked where they are used.
    /// - Throws: A sentence naming the template and what is wrong with it.
    init(sources: [String: String], samples: [String: Any]) throws {
        EscapingRule.register()
        var library = MustacheLibrary()
        var tokens: [String: [TemplateToken]] = [:]
        for (name, source) in sources {
            let rule: EscapingRule = name.hasSuffix(".txt") ? .text : .html
            tokens[name] = try TemplateScanner.tokens(of: source, named: name, isMarkup: rule == .html)
            do {
                try library.register(rule.pragma + source, named: name)
            } catch {
                throw TemplateProblem(template: name, line: nil, reason: "\(error)")
            }
        }
        for (name, sample) in samples {
            try TemplateNames(templates: tokens, template: name).check(against: sample)
        }
        self.library = library
    }

    /// Renders a value whose type was checked at start.
    func render(_ view: Any, with template: String) -> String {
        library.render(view, withTemplate: template) ?? ""
    }
}
