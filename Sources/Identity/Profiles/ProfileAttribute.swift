/// One attribute of the profile schema (PRODUCT section 3): what it is called, what values it takes, who may see it.
package struct ProfileAttribute: Sendable, Hashable, Codable {
    /// What values an attribute takes.
    package enum Kind: UInt8, Sendable, Hashable, Codable, CaseIterable {
        case boolean = 1
        /// A day without time and zone: `2026-01-31`.
        case date = 2
        /// A moment, kept in UTC with microseconds (RFC 3339).
        case dateTime = 3
        /// At most 18 digits before the point and 9 behind it, exact.
        case decimal = 4
        /// 64 bits with a sign.
        case integer = 5
        case string = 6
        /// Named sub-attributes; they are attributes of their own whose path begins with this one's.
        case complex = 7
    }

    /// Who may see or write an attribute.
    ///
    /// Each includes those after it.
    package enum Access: UInt8, Sendable, Hashable, Codable, CaseIterable {
        /// The person, and administrators.
        case user = 1
        /// Service accounts with the scope for profiles.
        case administrator = 2
        /// The server alone.
        case hidden = 3
    }

    /// What a value must be like beyond its kind; every value must keep every rule that is set.
    package struct Rules: Sendable, Hashable, Codable {
        /// For integers, decimals, dates and moments, in the form of the kind.
        package var minimum: String?
        package var maximum: String?
        /// For strings, in code points.
        package var minimumLength: Int?
        package var maximumLength: Int?
        /// For strings: a regular expression that the whole value matches.
        package var pattern: String?
        /// The only values allowed, in the form of the kind; empty allows all.
        package var allowedValues: [String]

        package init(
            minimum: String? = nil,
            maximum: String? = nil,
            minimumLength: Int? = nil,
            maximumLength: Int? = nil,
            pattern: String? = nil,
            allowedValues: [String] = []
        ) {
            self.minimum = minimum
            self.maximum = maximum
            self.minimumLength = minimumLength
            self.maximumLength = maximumLength
            self.pattern = pattern
            self.allowedValues = allowedValues
        }
    }

    package let path: AttributePath
    /// Tells this attribute from all that ever had its path; given by the schema, 0 until then.
    package var number: UInt32 = 0
    package var kind: Kind
    /// Shown to people, up to 200 characters.
    package var displayName: String = ""
    /// Up to 500 characters.
    package var description: String = ""
    /// Under which heading a form shows it, up to 100 characters.
    package var group: String = ""
    /// Forms show attributes in this order, then in that of their paths.
    package var order: Int32 = 0
    /// At most 20, of up to 100 characters.
    package var tags: [String] = []
    /// Scopes of a token request that include its value in the claims.
    package var claimScopes: [String] = []
    /// Takes a list of values, at most 100.
    package var isMulti = false
    package var isRequired = false
    /// No two users have the same value, and a user is found by it.
    ///
    /// Case does not tell values apart.
    package var isUnique = false
    /// Filters and sorting reach it.
    package var isQueryable = false
    package var readers: Access = .user
    package var writers: Access = .user
    package var rules = Rules()

    package init(path: AttributePath, kind: Kind) {
        self.path = path
        self.kind = kind
    }
}

/// Where an attribute stands: its code, or the codes from the outermost to a sub-attribute, joined by dots.
///
/// A code is an ASCII letter, then letters, digits and `_`; at most 64 characters, at most 4 codes.
package struct AttributePath: Sendable, Hashable, Codable, CustomStringConvertible {
    package let codes: [String]

    /// Reads `address.locality`; nil when a code is none.
    package init?(_ text: String) {
        let codes = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard (1...4).contains(codes.count), codes.allSatisfy(Self.isCode) else { return nil }
        self.codes = codes.map { String(decoding: $0, as: UTF8.self) }
    }

    private init(codes: [String]) {
        self.codes = codes
    }

    package var description: String { codes.joined(separator: ".") }

    /// The first code: of the attribute that this belongs to, or is.
    package var root: String { codes.first ?? "" }

    /// The path of what this is a sub-attribute of; nil for an outermost one.
    var parent: AttributePath? { codes.count > 1 ? AttributePath(codes: codes.dropLast()) : nil }

    /// The paths of all that this stands under, innermost first.
    var parents: [AttributePath] { parent.map { [$0] + $0.parents } ?? [] }

    /// Whether this stands under `other`, or is it.
    func isWithin(_ other: AttributePath) -> Bool { codes.starts(with: other.codes) }

    private static func isCode(_ bytes: Substring.UTF8View) -> Bool {
        func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte & 0xDF) }
        guard let first = bytes.first, isLetter(first), bytes.count <= 64 else { return false }
        return bytes.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_") }
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let path = AttributePath(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a path of an attribute")
        }
        self = path
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
