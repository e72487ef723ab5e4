internal import Foundation

/// Reads an answer in JSON for display.
struct JSONText {
    private let value: Any?

    init(_ text: String) {
        value = try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
    }

    private init(value: Any?) {
        self.value = value
    }

    subscript(name: String) -> JSONText {
        JSONText(value: (value as? [String: Any])?[name])
    }

    /// The elements of a list; none when it is absent.
    var elements: [JSONText] {
        (value as? [Any] ?? []).map(JSONText.init(value:))
    }

    var isPresent: Bool { value != nil }

    /// The value as text; empty when it is absent.
    var text: String {
        switch value {
        case let text as String: text
        case let number as NSNumber:
            CFBoolean.isBoolean(number) ? (number.boolValue ? "yes" : "no") : number.stringValue
        default: ""
        }
    }
}

/// Tells JSON's true and false from numbers, which Foundation hands out in one class.
private enum CFBoolean {
    static func isBoolean(_ number: NSNumber) -> Bool {
        String(cString: number.objCType) == "c"
    }
}
