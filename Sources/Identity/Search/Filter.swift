package import JSON

/// A condition on users, as RFC 7644 section 3.4.2.2 writes it: `name sw "Ada" and not (state eq "disabled")`.
package indirect enum Filter: Sendable, Hashable {
    /// How a value is compared with that of an attribute.
    package enum Operator: String, Sendable, Hashable, CaseIterable {
        case equal = "eq"
        case notEqual = "ne"
        case contains = "co"
        case startsWith = "sw"
        case endsWith = "ew"
        case greater = "gt"
        case greaterOrEqual = "ge"
        case less = "lt"
        case lessOrEqual = "le"
    }

    case compare(AttributePath, Operator, JSONValue)
    /// The attribute has a value.
    case present(AttributePath)
    case and([Filter])
    case or([Filter])
    case not(Filter)
    /// One value of a list of objects fulfils all of a filter on its sub-attributes: `desks[floor eq 3 and lamp pr]`.
    case element(AttributePath, Filter)
}

extension Filter {
    /// Why a text is no filter: a sentence, and where it went wrong.
    package struct Refusal: Error, Sendable, Hashable {
        package let description: String
        /// In bytes from the beginning.
        package let offset: Int
    }

    /// Longest filter, in bytes.
    package static let maximumByteCount = 4000
    /// Most comparisons in one filter.
    package static let maximumComparisons = 30
    /// Most parentheses, brackets and negations within each other.
    package static let maximumDepth = 10

    /// Reads a filter.
    package init(_ text: String) throws(Refusal) {
        var parser = FilterParser(text)
        self = try parser.filter()
    }
}
