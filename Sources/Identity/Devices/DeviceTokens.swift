package import Cryptography

/// The secrets of devices that came with a call: one for each person who signed in there, the latest first.
///
/// On the way they stand one behind the other, `ghd_…ghd_…`, as a cookie can hold them.
package struct DeviceTokens: Sendable, Hashable {
    /// So many people may share a device.
    package static let maximum = FindDevice.maximum
    /// Bytes of the longest text.
    package static let maximumLength = maximum * TokenText.length

    /// The texts of the tokens.
    private let texts: [[UInt8]]
    let hashes: [TokenHash]

    /// No device is recognised.
    package static let none = DeviceTokens(texts: [], hashes: [])

    /// Reads the text; what is no token of ours is left out, for it recognises nobody.
    package init(_ text: SecretBytes) {
        let length = TokenText.length
        let pieces = text.withBytes { bytes in
            stride(from: 0, to: min(bytes.count, Self.maximumLength), by: length).map {
                Array(bytes[$0..<min($0 + length, bytes.count)])
            }
        }
        let known = pieces.compactMap { piece in
            TokenHash(of: SecretBytes(copying: piece), kind: .device).map { (piece, $0) }
        }
        self.init(texts: known.map(\.0), hashes: known.map(\.1))
    }

    /// Those whose hashes a flow keeps, one behind the other.
    init(storedHashes bytes: [UInt8]) {
        let length = 32
        let hashes = stride(from: 0, to: bytes.count, by: length).compactMap {
            TokenHash(bytes: Array(bytes[$0..<min($0 + length, bytes.count)]))
        }
        self.init(texts: [], hashes: hashes)
    }

    /// As a flow keeps them: nobody can make a token of a hash.
    var storedHashes: [UInt8] { hashes.flatMap(\.bytes) }

    private init(texts: [[UInt8]], hashes: [TokenHash]) {
        self.texts = texts
        self.hashes = hashes
    }

    /// The text with a further token in front; the oldest goes when there would be too many.
    package func adding(_ token: SecretBytes) -> SecretBytes {
        let kept = texts.prefix(Self.maximum - 1)
        return SecretBytes(copying: token.withBytes { Array($0) } + kept.flatMap(\.self))
    }
}
