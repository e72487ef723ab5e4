import FoundationEssentials
import JSON
import MariaDB

/// A value of an export, as JSON has it.
enum ExportValue: Sendable, Hashable {
    case null
    case text(String)
    case number(Int64)
    case flag(Bool)
    case list([ExportValue])
    case object([String: ExportValue])

    static func time(_ time: Timestamp?) -> ExportValue { time.map { .text($0.description) } ?? .null }
    static func optional(_ text: String?) -> ExportValue { text.map { .text($0) } ?? .null }

    /// What is stored as JSON; numbers that are not whole become texts, which lose nothing.
    init(_ json: JSONValue) {
        switch json {
        case .null: self = .null
        case .bool(let flag): self = .flag(flag)
        case .number(let text): self = Int64(text).map { .number($0) } ?? .text(text)
        case .string(let text): self = .text(text)
        case .array(let elements): self = .list(elements.map(ExportValue.init))
        case .object(let members):
            let pairs = members.map { ($0.name, ExportValue($0.value)) }
            self = .object(Dictionary(pairs) { first, _ in first })
        }
    }

    /// The document, keys in order, so that the same person gives the same bytes.
    func document() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}

extension ExportValue: Encodable {
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    func encode(to encoder: any Encoder) throws {
        switch self {
        case .object(let members):
            var container = encoder.container(keyedBy: Key.self)
            for (name, value) in members { try container.encode(value, forKey: Key(stringValue: name)) }
        case .list(let elements):
            var container = encoder.unkeyedContainer()
            for element in elements { try container.encode(element) }
        case .null:
            var container = encoder.singleValueContainer()
            try container.encodeNil()
        case .text(let text):
            var container = encoder.singleValueContainer()
            try container.encode(text)
        case .number(let number):
            var container = encoder.singleValueContainer()
            try container.encode(number)
        case .flag(let flag):
            var container = encoder.singleValueContainer()
            try container.encode(flag)
        }
    }
}
