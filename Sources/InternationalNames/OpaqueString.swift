internal import CUnistring

/// A password in the one form that is hashed and verified (RFC 8265 section 4.2, profile OpaqueString).
///
/// Spaces outside ASCII become U+0020 and the text is composed (NFC); case, width and the spaces themselves stay as they
/// are. Where the profile refuses assigned characters that passwords do hold, such as the joiners of an emoji, this
/// does not (SECURITY PW-03). Nothing that prints or reflects it shows the text.
package struct OpaqueString: Sendable {
    /// Which rules and tables made a text; stored beside each hash and raised when either changes.
    package static let version: UInt16 = 1
    /// Longest text that is looked at, in bytes of UTF-8 as received.
    package static let maximumInputCount = 4096

    /// The normalised text.
    package let text: String

    /// Why a text is no password.
    package enum Refusal: Error, Equatable {
        case empty
        case tooLong
        /// A control character, or a line or paragraph separator.
        case controlCharacter
        /// A code point without a meaning yet, whose normalisation is not settled (UAX 15 section 3).
        case unassignedCodePoint
        case outOfMemory
    }

    /// Normalises a text as it was received.
    package init(_ received: String) throws(Refusal) {
        guard received.utf8.count <= Self.maximumInputCount else { throw .tooLong }
        var spaced = String.UnicodeScalarView()
        for scalar in received.unicodeScalars { spaced.append(try Self.mapped(scalar)) }
        guard !spaced.isEmpty else { throw .empty }
        guard let text = String(spaced).normalized(.nfc) else { throw .outOfMemory }
        self.text = text
    }

    /// How long a policy takes it to be: code points after normalisation.
    package var codePointCount: Int { text.unicodeScalars.count }

    /// The categories come from the library that normalises: its tables know the same code points.
    private static func mapped(_ scalar: Unicode.Scalar) throws(Refusal) -> Unicode.Scalar {
        if scalar.isOf(UC_CATEGORY_MASK_Cn) { throw .unassignedCodePoint }
        if scalar.isOf(UC_CATEGORY_MASK_Cc) || scalar.isOf(UC_CATEGORY_MASK_Zl) || scalar.isOf(UC_CATEGORY_MASK_Zp) {
            throw .controlCharacter
        }
        return scalar.isOf(UC_CATEGORY_MASK_Zs) ? " " : scalar
    }
}

extension OpaqueString: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "OpaqueString(redacted)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension Unicode.Scalar {
    fileprivate func isOf<Mask: BinaryInteger>(_ category: Mask) -> Bool {
        uc_is_general_category_withtable(value, UInt32(truncatingIfNeeded: category))
    }
}
