internal import COpenSSL

/// The base 64 between the lines of a PEM text (RFC 7468 section 3).
enum PEMBody {
    /// The bytes; nil for what is not base 64 with its padding.
    static func decode(_ letters: [UInt8]) -> [UInt8]? {
        guard !letters.isEmpty, letters.count.isMultiple(of: 4), letters.count <= Certificate.maximumByteCount * 2
        else {
            return nil
        }
        var bytes = [UInt8](repeating: 0, count: letters.count / 4 * 3)
        guard unsafe EVP_DecodeBlock(&bytes, letters, Int32(letters.count)) == bytes.count else { return nil }
        return bytes.dropLast(letters.suffix(2).count { $0 == UInt8(ascii: "=") })
    }
}
