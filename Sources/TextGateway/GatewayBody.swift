import JSON
package import Mail

/// The body of a request to a gateway: JSON with placeholders in its strings, as its operators describe theirs.
///
/// Values are put into strings after the template was parsed, and the whole is written out anew: nothing in a name, number
/// or text can end a string (SECURITY OTP-11).
package struct GatewayBody: Sendable {
    /// What most gateways understand.
    package static let usual = #"{"to":"{to}","from":"{sender}","text":"{text}"}"#

    private let template: JSONValue

    /// Takes JSON in which `{to}` and `{text}` stand; nil for all else.
    package init?(_ text: String) {
        guard let template = try? JSONParser.parse(Array(text.utf8)), Self.mentions("{to}", template),
            Self.mentions("{text}", template)
        else { return nil }
        self.template = template
    }

    /// The body for one message.
    package func filled(_ message: TextMessage, sender: String) -> [UInt8] {
        let values = ["{to}": message.to, "{text}": message.text, "{sender}": sender, "{id}": message.id]
        return Array(Self.fill(template, values).text.utf8)
    }

    private static func mentions(_ placeholder: String, _ value: JSONValue) -> Bool {
        switch value {
        case .string(let text): !parts(of: text, [placeholder]).allSatisfy { !$0.isPlaceholder }
        case .array(let values): values.contains { mentions(placeholder, $0) }
        case .object(let members): members.contains { mentions(placeholder, $0.value) }
        case .null, .bool, .number: false
        }
    }

    private static func fill(_ value: JSONValue, _ values: [String: String]) -> JSONValue {
        switch value {
        case .string(let text):
            .string(parts(of: text, values.keys.sorted()).map { values[$0.text] ?? $0.text }.joined())
        case .array(let items): .array(items.map { fill($0, values) })
        case .object(let members):
            .object(members.map { JSONValue.Member(name: $0.name, value: fill($0.value, values)) })
        case .null, .bool, .number: value
        }
    }

    /// A text cut at its placeholders; what is put in is not looked at again, so a text that says `{sender}` stays that.
    private static func parts(of text: String, _ placeholders: [String]) -> [(text: String, isPlaceholder: Bool)] {
        var parts: [(text: String, isPlaceholder: Bool)] = []
        var rest = Array(text.utf8)[...]
        var plain: [UInt8] = []
        while let byte = rest.first {
            if let found = placeholders.first(where: { rest.starts(with: $0.utf8) }) {
                parts.append((String(decoding: plain, as: UTF8.self), false))
                parts.append((found, true))
                plain = []
                rest = rest.dropFirst(found.utf8.count)
            } else {
                plain.append(byte)
                rest = rest.dropFirst()
            }
        }
        return parts + [(String(decoding: plain, as: UTF8.self), false)]
    }
}
