internal import Foundation

/// Reads an answer in JSON for display.
struct JSONAnswer {
    private let value: Any?

    init(_ text: String) {
        value = try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
    }

    private init(value: Any?) {
        self.value = value
    }

    subscript(name: String) -> JSONAnswer {
        JSONAnswer(value: (value as? [String: Any])?[name])
    }

    /// The elements of a list; none when it is absent.
    var elements: [JSONAnswer] {
        (value as? [Any] ?? []).map(JSONAnswer.init(value:))
    }

    var isPresent: Bool { value != nil }

    /// The value as text; empty when it is absent.
    var text: String {
        switch value {
        case let text as String: text
        case let number as NSNumber:
            number.isBoolean ? (number.boolValue ? "yes" : "no") : number.stringValue
        default: ""
        }
    }
}

extension NSNumber {
    /// Whether this is JSON's true or false, which Foundation hands out in one class with the numbers.
    fileprivate var isBoolean: Bool { String(cString: objCType) == "c" }
}
