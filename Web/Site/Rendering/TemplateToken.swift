/// What a template consists of, as far as names and their places matter.
indirect enum TemplateToken: Sendable, Equatable {
    case variable(String)
    case section(String, isInverted: Bool, [TemplateToken])
    case partial(String)
}

/// Why a template is not taken.
struct TemplateProblem: Error, CustomStringConvertible {
    let template: String
    let line: Int?
    let reason: String

    var description: String {
        line.map { "template \(template), line \($0): \(reason)" } ?? "template \(template): \(reason)"
    }
}
