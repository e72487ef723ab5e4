/// Text that is about to become a header value.
///
/// Works on scalars: CR LF is one Character that equals neither of its parts.
enum HeaderText {
    /// The text with every control character and line or paragraph separator made a space.
    static func visible(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { scalars.append(isControl(scalar) ? " " : scalar) }
        return String(scalars)
    }

    /// Whether the text can stand in a header as it is.
    static func isFreeOfControls(_ text: String) -> Bool { !text.unicodeScalars.contains(where: isControl) }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: true
        default: false
        }
    }
}
