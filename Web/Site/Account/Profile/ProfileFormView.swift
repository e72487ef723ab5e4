/// A form drawn from the schema of profiles, as its template shows it.
///
/// A list of rows instead of a tree, since templates do not nest without end: a row opens a frame, closes one, or is a
/// field.
struct ProfileFormView: Sendable {
    struct Group: Sendable {
        let heading: String
        let rows: [Row]
        let facts: [Fact]
        let hasFacts: Bool
    }

    /// A value that its owner sees and does not change.
    struct Fact: Sendable {
        let label: String
        let value: String
    }

    struct Row: Sendable {
        let opens: Frame?
        let closes: Bool
        let field: Field?

        static func opening(_ frame: Frame) -> Row { Row(opens: frame, closes: false, field: nil) }
        static let closing = Row(opens: nil, closes: true, field: nil)
        static func field(_ field: Field) -> Row { Row(opens: nil, closes: false, field: field) }
    }

    /// What belongs together: the parts of a complex value, or the values of a list.
    struct Frame: Sendable {
        let legend: String
        let hint: String?
    }

    struct Field: Sendable {
        let name: String
        let label: String
        let isRequired: Bool
        let hint: String?
        let problem: String?
        /// Ids of hint and problem, for those who hear the page; nil without either.
        let describedBy: String?
        let value: String
        let line: Line?
        let lines: Bool
        let choice: Choice?
    }

    /// A field of one line.
    struct Line: Sendable {
        let type: String
        let inputMode: String
        let autocomplete: String
        let minimum: String?
        let maximum: String?
        /// Seconds are asked for where a time is.
        let hasSeconds: Bool
    }

    /// A field with a few values to choose from.
    struct Choice: Sendable {
        struct Option: Sendable {
            let value: String
            let label: String
            let isSelected: Bool
        }

        let options: [Option]
    }

    let groups: [Group]
    let problems: ProblemSummary?

    static func sample() -> ProfileFormView {
        let option = Choice.Option(value: "a", label: "A", isSelected: true)
        let field = Field(
            name: "p.name",
            label: "Name",
            isRequired: true,
            hint: "x",
            problem: "x",
            describedBy: "x",
            value: "Ada",
            line: Line(
                type: "text",
                inputMode: "text",
                autocomplete: "name",
                minimum: "1",
                maximum: "2",
                hasSeconds: true
            ),
            lines: true,
            choice: Choice(options: [option])
        )
        let row = Row(opens: Frame(legend: "Address", hint: "x"), closes: true, field: field)
        let group = Group(heading: "You", rows: [row], facts: [Fact(label: "x", value: "x")], hasFacts: true)
        return ProfileFormView(groups: [group], problems: .sample)
    }
}
