/// Reads the source of a template as its author wrote it and refuses what this house does not allow.
///
/// Only `{{name}}`, `{{#name}}`, `{{^name}}`, `{{/name}}`, `{{> name}}` and `{{! comment}}`; values only in text and in
/// double-quoted attributes (SECURITY WEB-06, STYLE 37). Runs over bytes.
struct TemplateScanner {
    private let name: String
    private let isMarkup: Bool
    private var rest: ArraySlice<UInt8>
    private var line = 1
    private var place = MarkupPlace()

    /// The tokens of a template; `isMarkup` is false for plain text.
    static func tokens(of source: String, named name: String, isMarkup: Bool) throws(TemplateProblem) -> [TemplateToken]
    {
        var scanner = TemplateScanner(name: name, isMarkup: isMarkup, rest: Array(source.utf8)[...])
        let tokens = try scanner.block(until: nil)
        guard !isMarkup || scanner.place.position == .text else { throw scanner.problem("ends inside a tag") }
        return tokens
    }

    private init(name: String, isMarkup: Bool, rest: ArraySlice<UInt8>) {
        self.name = name
        self.isMarkup = isMarkup
        self.rest = rest
    }

    private mutating func block(until section: String?) throws(TemplateProblem) -> [TemplateToken] {
        var tokens: [TemplateToken] = []
        while let byte = rest.first {
            guard rest.starts(with: "{{".utf8) else {
                try text(byte)
                continue
            }
            let tag = try tag()
            switch tag.kind {
            case UInt8(ascii: "!"): continue
            case UInt8(ascii: "/"):
                guard tag.name == section else { throw problem("{{/\(tag.name)}} ends nothing") }
                return tokens
            case UInt8(ascii: "#"), UInt8(ascii: "^"):
                tokens.append(try sectionToken(tag.name, isInverted: tag.kind == UInt8(ascii: "^")))
            case UInt8(ascii: ">"):
                try demand(place.position == .text, "a partial may stand in text only")
                tokens.append(.partial(tag.name))
            default:
                try checkPlace(of: tag.name)
                tokens.append(.variable(tag.name))
            }
        }
        guard section == nil else { throw problem("{{#\(section ?? "")}} has no end") }
        return tokens
    }

    private mutating func sectionToken(_ name: String, isInverted: Bool) throws(TemplateProblem) -> TemplateToken {
        let before = place.position
        let isAllowed = before != .beforeValue && before != .declaration && before != .script
        try demand(isAllowed, "a section may not stand here")
        let tokens = try block(until: name)
        // What follows must be read the same whether the section is shown or not.
        try demand(place.position == before, "{{#\(name)}} must end where it began: in text, in a tag, or in a value")
        return .section(name, isInverted: isInverted, tokens)
    }

    /// One tag, after which reading goes on.
    private mutating func tag() throws(TemplateProblem) -> (kind: UInt8?, name: String) {
        rest.removeFirst(2)
        var content: [UInt8] = []
        while let byte = rest.first, !rest.starts(with: "}}".utf8) {
            if byte == 0x0A { line += 1 }
            content.append(byte)
            rest.removeFirst()
        }
        try demand(rest.starts(with: "}}".utf8), "a tag has no end")
        rest.removeFirst(2)
        guard let first = content.first else { throw problem("a tag is empty") }
        guard first != UInt8(ascii: "!") else { return (first, "") }
        let hasSign = "#^/>".utf8.contains(first)
        let body = content.dropFirst(hasSign ? 1 : 0)
        let trimmed = body.drop { $0 == 0x20 }.reversed().drop { $0 == 0x20 }.reversed()
        try demand(
            !trimmed.isEmpty && trimmed.allSatisfy(Self.isNameByte),
            "only names may stand between {{ and }}, with one of # ^ / > ! before them"
        )
        return (hasSign ? first : nil, String(decoding: Array(trimmed), as: UTF8.self))
    }

    private mutating func text(_ byte: UInt8) throws(TemplateProblem) {
        rest.removeFirst()
        if byte == 0x0A { line += 1 }
        guard isMarkup, let reason = place.read(byte) else { return }
        throw problem(reason)
    }

    private func checkPlace(of name: String) throws(TemplateProblem) {
        guard isMarkup else { return }
        switch place.position {
        case .text: return
        case .value:
            let leads = ["href", "src", "action", "formaction"].contains(place.attribute)
            try demand(
                !leads || name.hasSuffix("Path"),
                "\(place.attribute) may hold only values whose name ends in Path"
            )
        case .tag, .beforeValue, .declaration, .script:
            throw problem("{{\(name)}} must stand in text or in a double-quoted value")
        }
    }

    private func demand(_ condition: Bool, _ reason: String) throws(TemplateProblem) {
        guard condition else { throw problem(reason) }
    }

    private func problem(_ reason: String) -> TemplateProblem {
        TemplateProblem(template: name, line: line, reason: reason)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
