internal import Cryptography

/// The number of an authenticator's model, 16 bytes (Level 3 section 6.5.1); all zero when it does not tell.
package struct AAGUID: Sendable, Hashable, CustomStringConvertible {
    /// The 16 bytes.
    package let bytes: [UInt8]

    /// Takes exactly 16 bytes; nil for any other number.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        self.bytes = Array(bytes)
    }

    /// Reads 32 hexadecimal digits, with hyphens after the 8th, 12th, 16th and 20th; nil for any other text.
    package init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.map(\.count) == [8, 4, 4, 4, 12],
            let bytes = Hex.decode(String(decoding: parts.joined(), as: UTF8.self))
        else { return nil }
        self.init(bytes)
    }

    /// The model nobody tells.
    package static let zero = AAGUID(zeroOf: 16)

    private init(zeroOf count: Int) {
        bytes = [UInt8](repeating: 0, count: count)
    }

    /// Five groups of lower-case hexadecimal digits.
    package var description: String {
        [bytes[0..<4], bytes[4..<6], bytes[6..<8], bytes[8..<10], bytes[10..<16]].map { Hex.encode($0) }
            .joined(separator: "-")
    }
}
