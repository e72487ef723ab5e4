/// Columns of text, as wide as their widest cell.
struct Table {
    let header: [String]
    let rows: [[String]]

    /// The lines, the header first; cells of strangers' text are made harmless for the terminal.
    var text: String {
        let cells = ([header] + rows).map { $0.map(TerminalText.safe) }
        let widths = header.indices.map { column in cells.map { TerminalText.width($0[column]) }.max() ?? 0 }
        return cells.map { row in
            let padded = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - TerminalText.width($0)) }
            return String(padded.joined(separator: "  ").trimmingTrailingSpaces)
        }.joined(separator: "\n")
    }
}

/// Names with their values, one a line.
struct FieldList {
    let fields: [(name: String, value: String)]

    var text: String {
        let width = fields.map(\.name.count).max() ?? 0
        return fields.map { field in
            field.name + String(repeating: " ", count: width - field.name.count + 2) + TerminalText.safe(field.value)
        }.joined(separator: "\n")
    }
}

/// Text of strangers on a terminal: nothing in it may move the cursor, change colours or turn the line around.
enum TerminalText {
    static func safe(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
                result.append("\u{FFFD}")
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    static func width(_ text: String) -> Int {
        text.count
    }
}

extension String {
    fileprivate var trimmingTrailingSpaces: Substring {
        var end = endIndex
        while end > startIndex, self[index(before: end)] == " " { end = index(before: end) }
        return self[..<end]
    }
}
