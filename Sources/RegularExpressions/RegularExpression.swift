internal import CPCRE2

/// A regular expression of PCRE2's syntax that a text must match as a whole.
///
/// What it may cost is bounded: an expression that tries too many ways for one text gives up instead of running on, so that
/// nobody can keep a thread busy with a text made for it.
package struct RegularExpression: Sendable, Hashable {
    // Compiled anew for each text, some microseconds: what PCRE2 compiles belongs to no thread's safety that Swift can check.
    private let pattern: [UInt8]

    /// Longest expression, in bytes of UTF-8.
    package static let maximumByteCount = 1000
    // A try costs some 20 ns: at most about a millisecond for a text.
    private static let maximumTries: UInt32 = 50_000
    private static let maximumKibibytes: UInt32 = 1024

    /// Why a text is no expression.
    package struct Refusal: Error, Hashable {
        /// What PCRE2 says of it, in English.
        package let message: String
        /// Where, in bytes from the beginning.
        package let offset: Int
    }

    /// What came of comparing a text.
    package enum Outcome: Sendable, Hashable {
        case matches
        case differs
        /// It would have taken more tries or memory than one text may cost.
        case tooCostly
    }

    /// Reads an expression.
    package init(_ pattern: String) throws(Refusal) {
        let bytes = Array(pattern.utf8)
        guard bytes.count <= Self.maximumByteCount else {
            throw Refusal(message: "longer than \(Self.maximumByteCount) bytes", offset: Self.maximumByteCount)
        }
        unsafe pcre2_code_free_8(try Self.compiled(bytes))
        self.pattern = bytes
    }

    /// Whether the whole of `text` matches.
    package func compare(_ text: String) -> Outcome {
        guard let code = try? unsafe Self.compiled(pattern) else { return .tooCostly }
        defer { unsafe pcre2_code_free_8(code) }
        guard let context = unsafe pcre2_match_context_create_8(nil) else { return .tooCostly }
        defer { unsafe pcre2_match_context_free_8(context) }
        unsafe pcre2_set_match_limit_8(context, Self.maximumTries)
        unsafe pcre2_set_depth_limit_8(context, Self.maximumTries)
        unsafe pcre2_set_heap_limit_8(context, Self.maximumKibibytes)
        guard let data = unsafe pcre2_match_data_create_8(1, nil) else { return .tooCostly }
        defer { unsafe pcre2_match_data_free_8(data) }
        let bytes = Array(text.utf8)
        // A Swift string is valid UTF-8: it need not be looked through for that again.
        let result = unsafe pcre2_match_8(code, bytes, bytes.count, 0, PCRE2_NO_UTF_CHECK, data, context)
        return result >= 0 ? .matches : result == PCRE2_ERROR_NOMATCH ? .differs : .tooCostly
    }

    private static func compiled(_ pattern: [UInt8]) throws(Refusal) -> OpaquePointer {
        var (number, offset) = (Int32(0), 0)
        let options = PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C | PCRE2_ANCHORED | PCRE2_ENDANCHORED
        guard let code = unsafe pcre2_compile_8(pattern, pattern.count, options, &number, &offset, nil) else {
            throw Refusal(message: message(number), offset: offset)
        }
        return unsafe code
    }

    private static func message(_ number: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let length = unsafe pcre2_get_error_message_8(number, &buffer, buffer.count)
        return String(decoding: buffer.prefix(Int(max(0, length))), as: UTF8.self)
    }
}
