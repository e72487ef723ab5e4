import Cryptography
import WebAuthn

/// What a TPM says, by script: every field can be bent before it is signed.
struct TPMStatement {
    var version = "2.0"
    var magic: [UInt8] = [0xFF, 0x54, 0x43, 0x47]
    var type: [UInt8] = [0x80, 0x17]
    var extraData: [UInt8]?
    var name: [UInt8]?
    var key: VerificationKey?
    /// TPM_ALG_SHA256.
    var nameAlgorithm: UInt16 = 0x000B
    /// No algorithm, or one with its sizes.
    var symmetric: [UInt8] = [0x00, 0x10]
    var scheme: [UInt8] = [0x00, 0x10]
    /// Instead of the curve's number.
    var curve: UInt16?
    /// Zero stands for 65537.
    var exponent: [UInt8] = [0, 0, 0, 0]
    /// Before the public area, where TPM2B structures have their length.
    var prefix: [UInt8] = []
    var trailing: [UInt8] = []
    /// Instead of the number of the algorithm it is signed with.
    var algorithm: Int?
    var subject = "/"
    var extensions = TPMStatement.certificate()

    static func certificate(
        names: String = "critical,dirName:tpm",
        maker: String = "id:414D4400",
        usage: String = "extendedKeyUsage=2.23.133.8.3",
        constraints: String = "basicConstraints=critical,CA:FALSE",
        more: String = ""
    ) -> String {
        // A name begins behind its first dot.
        """
        \(constraints)
        \(usage)
        \(more)
        subjectAltName=\(names)
        [tpm]
        0.2.23.133.2.1=\(maker)
        1.2.23.133.2.2=Model
        2.2.23.133.2.3=id:13
        """
    }

    private static func sized(_ bytes: [UInt8]) -> [UInt8] { short(UInt16(bytes.count)) + bytes }

    private static func short(_ number: UInt16) -> [UInt8] { [UInt8(number >> 8), UInt8(number & 255)] }

    /// The digest by a hash algorithm's number; SHA-256 for one there is not.
    private static func digest(_ algorithm: UInt16, of bytes: [UInt8]) -> [UInt8] {
        switch algorithm {
        case 0x0004: SHA1.digest(of: bytes)
        case 0x000C: SHA384.digest(of: bytes)
        case 0x000D: SHA512.digest(of: bytes)
        default: SHA256.digest(of: bytes)
        }
    }

    /// The digest that binds a statement signed with an algorithm to its ceremony.
    static func digest(_ algorithm: COSEAlgorithm, of bytes: [UInt8]) -> [UInt8] {
        let name = algorithm.signatureAlgorithm.rawValue
        return digest(
            name == "rs1" ? 0x0004 : name.hasSuffix("384") ? 0x000C : name.hasSuffix("512") ? 0x000D : 0,
            of: bytes
        )
    }

    func publicArea(_ credential: VerificationKey) -> [UInt8] {
        let key = key ?? credential
        // Attributes and no policy.
        let middle = Self.short(nameAlgorithm) + [0x00, 0x06, 0x04, 0x72, 0x00, 0x00] + symmetric + scheme
        if let (modulus, exponent) = key.rsaNumbers {
            precondition(exponent == [1, 0, 1], "openssl makes keys with another exponent")
            return prefix + [0x00, 0x01] + middle + Self.short(2048) + self.exponent + Self.sized(modulus)
        }
        let (x, y) = key.coordinates ?? ([], [])
        let number: UInt16 = x.count == 32 ? 3 : x.count == 48 ? 4 : 5
        // No key derivation.
        return prefix + [0x00, 0x23] + middle + Self.short(curve ?? number) + [0x00, 0x10] + Self.sized(x)
            + Self.sized(y)
    }

    func certInfo(_ area: [UInt8], _ digest: [UInt8]) -> [UInt8] {
        let name = name ?? Self.short(nameAlgorithm) + Self.digest(nameAlgorithm, of: area)
        return magic + type + Self.sized([]) + Self.sized(extraData ?? digest) + [UInt8](repeating: 0, count: 25)
            + Self.sized(name) + Self.sized([]) + trailing
    }
}
