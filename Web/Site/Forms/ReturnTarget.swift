/// Where a sign-in leads back to: a path of this site by a rule over bytes, or one of the configured addresses, exactly.
///
/// Never by what a URL parser makes of it, which is not what browsers make of it (SECURITY WEB-02, F12).
struct ReturnTarget: Sendable, Equatable {
    let text: String

    /// Nil unless it is a path of this site, or one of the `allowed` full addresses, byte by byte.
    init?(_ text: String, allowed: [String] = []) {
        guard Self.isLocal(Array(text.utf8)) || allowed.contains(where: { $0.utf8.elementsEqual(text.utf8) }) else {
            return nil
        }
        self.text = text
    }

    private static func isLocal(_ bytes: [UInt8]) -> Bool {
        guard (1...1000).contains(bytes.count), bytes[0] == UInt8(ascii: "/"), bytes.allSatisfy(isPlain),
            let decoded = PercentDecoding.decode(bytes, plusIsSpace: false), decoded.allSatisfy(isHarmless),
            String(validating: decoded, as: UTF8.self) != nil,
            let path = PercentDecoding.decode(
                bytes.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") },
                plusIsSpace: false
            )
        else { return false }
        // No empty, `.` or `..` segment: browsers remove those, and what is left may begin with two slashes.
        let segments = path.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return segments.enumerated().allSatisfy { index, segment in
            (!segment.isEmpty || index == segments.count - 1) && !segment.elementsEqual(".".utf8)
                && !segment.elementsEqual("..".utf8)
        }
    }

    /// Visible ASCII but the backslash, which browsers take for a slash.
    private static func isPlain(_ byte: UInt8) -> Bool { (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "\\") }

    private static func isHarmless(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7F && byte != UInt8(ascii: "\\") }
}
