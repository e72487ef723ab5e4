package import Cryptography

/// The `otpauth` URI that an authenticator app reads from a QR code (Key URI Format).
package enum ProvisioningURI {
    /// Makes `otpauth://totp/Issuer:account?secret=…&issuer=…&algorithm=…&digits=…&period=…`.
    ///
    /// Names are percent-encoded by bytes, so nothing in them can end a part or add a parameter (SECURITY TOTP-08).
    ///
    /// - Parameters:
    ///   - issuer: Who asks for codes; shown by the app.
    ///   - account: Whose codes they are, such as an address.
    ///   - key: The shared secret.
    ///   - parameters: How the codes are made.
    /// - Returns: The URI, as secret as the key in it.
    package static func make(
        issuer: String,
        account: String,
        key: SecretBytes,
        parameters: TOTP.Parameters
    ) -> SecretBytes {
        let issuer = encoded(issuer)
        let before = "otpauth://totp/" + issuer + ":" + encoded(account) + "?secret="
        let after =
            "&issuer=" + issuer + "&algorithm=" + parameters.hash.name + "&digits=\(parameters.digits)"
            + "&period=\(parameters.period)"
        let secret = Base32.encode(key)
        return secret.withBytes { secret in
            SecretBytes(count: before.utf8.count + secret.count + after.utf8.count) { output in
                var place = 0
                for byte in before.utf8 {
                    output[place] = byte
                    place += 1
                }
                for byte in secret {
                    output[place] = byte
                    place += 1
                }
                for byte in after.utf8 {
                    output[place] = byte
                    place += 1
                }
            }
        }
    }

    /// Percent-encodes every byte but the unreserved ones (RFC 3986 section 2.3).
    private static func encoded(_ text: String) -> String {
        let hex = Array("0123456789ABCDEF".utf8)
        var output: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                output.append(byte)
            default: output += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
