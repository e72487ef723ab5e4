package import Cryptography

/// Base 32 without padding (RFC 4648 section 6), as authenticator apps take keys.
package enum Base32 {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    /// The letters of a secret; in a buffer of its own that is zeroed.
    package static func encode(_ secret: SecretBytes) -> SecretBytes {
        let count = (secret.count * 8 + 4) / 5
        return secret.withBytes { bytes in
            SecretBytes(count: count) { output in
                var (buffer, bits, place) = (UInt32(0), 0, 0)
                for byte in bytes {
                    buffer = buffer << 8 | UInt32(byte)
                    bits += 8
                    while bits >= 5 {
                        output[place] = letters[Int(buffer >> (bits - 5) & 31)]
                        (bits, place) = (bits - 5, place + 1)
                    }
                }
                if bits > 0 { output[place] = letters[Int(buffer << (5 - bits) & 31)] }
            }
        }
    }
}
