/// JSON objects of strings, written byte by byte (RFC 8259 section 7), keys in order.
enum JSONText {
    /// An object with these members.
    static func object(_ members: [String: String]) -> String {
        let pairs = members.sorted { $0.key < $1.key }.map { string($0.key) + ":" + string($0.value) }
        return "{" + pairs.joined(separator: ",") + "}"
    }

    private static func string(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\" + String(scalar)
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let hex = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - hex.utf8.count) + hex
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
