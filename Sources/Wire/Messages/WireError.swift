/// Why bytes were refused.
package struct WireError: Error, Sendable, Equatable {
    /// The kinds of refusal.
    package enum Code: Sendable {
        /// Not the encoding of the message: truncated, wrong wire type, group, bad tag or length.
        case malformed
        /// More bytes, or more memory to decode them, than the method allows.
        case tooLarge
        /// More unknown fields than allowed.
        case tooManyFields
        /// Messages within messages beyond the limit.
        case tooDeep
        /// A field that can be given once was given twice, or two members of one oneof.
        case duplicateField
        /// A `string` that is not UTF-8.
        case invalidUTF8
        /// A `string` with a NUL in it.
        case containsNUL
        /// A number that the enum does not name.
        case unknownEnumValue
        /// A string or bytes field beyond its `@max`.
        case tooLong
        /// A repeated field beyond its `@max`.
        case tooMany
        /// A number, time or duration outside of its type's range.
        case outOfRange
        /// JSON names a field that the message has not.
        case unknownField
        /// No message has this name.
        case unknownType
        /// A frame's length is beyond the connection's cap.
        case frameTooLarge
        /// A frame of length zero.
        case frameEmpty
    }

    /// The kind of refusal.
    package let code: Code

    /// Path of the field in proto names, such as `identifiers[1].value`; nil when no single field is at fault.
    package let fieldPath: String?

    /// Makes an error about a field, or about the whole.
    package init(_ code: Code, at fieldPath: String? = nil) {
        self.code = code
        self.fieldPath = fieldPath
    }

    /// The same error seen from the message that holds the field.
    func inside(_ field: String, index: Int? = nil) -> WireError {
        let step = index.map { "\(field)[\($0)]" } ?? field
        return WireError(code, at: fieldPath.map { "\(step).\($0)" } ?? step)
    }
}

extension WireError: CustomStringConvertible {
    /// What is wrong, without the value; safe to send back.
    package var description: String {
        switch code {
        case .malformed: "is not well formed"
        case .tooLarge: "is too large"
        case .tooManyFields: "has too many unknown fields"
        case .tooDeep: "is nested too deeply"
        case .duplicateField: "is given more than once"
        case .invalidUTF8: "is not valid UTF-8"
        case .containsNUL: "contains a NUL character"
        case .unknownEnumValue: "is not one of the values allowed"
        case .tooLong: "is too long"
        case .tooMany: "has too many elements"
        case .outOfRange: "is out of range"
        case .unknownField: "is not a field of this message"
        case .unknownType: "is not a known message type"
        case .frameTooLarge: "is a frame beyond the size allowed"
        case .frameEmpty: "is an empty frame"
        }
    }
}
