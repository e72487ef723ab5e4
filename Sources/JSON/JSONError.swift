/// Why bytes are not a JSON text that is taken; says nothing of the values.
package struct JSONError: Error, Sendable, Hashable {
    /// The kinds of refusal.
    package enum Code: Sendable {
        /// Not RFC 8259.
        case malformed
        /// Objects and arrays within each other beyond 32.
        case tooDeep
        /// An object has two members of one name.
        case duplicateMember
        /// A string that is not UTF-8.
        case invalidUTF8
    }

    package let code: Code
    /// Where, as names of members joined by dots; nil when no single member is at fault.
    package let path: String?

    init(_ code: Code, at path: String? = nil) {
        self.code = code
        self.path = path
    }

    /// The same error seen from the object that holds the member.
    func inside(_ member: String) -> JSONError {
        JSONError(code, at: path.map { "\(member).\($0)" } ?? member)
    }
}
