internal import COpenSSL

/// A hash function of the SHA family (FIPS 180-4).
package protocol HashFunction: Sendable {
    /// Bytes of a digest.
    static var digestCount: Int { get }
    /// Which one it is.
    static var algorithm: DigestAlgorithm { get }
}

extension HashFunction {
    /// The digest of some bytes.
    package static func digest(of bytes: some Collection<UInt8>) -> [UInt8] {
        let contiguous = bytes.withContiguousStorageIfAvailable { unsafe digest(of: UnsafeRawBufferPointer($0)) }
        if let contiguous { return contiguous }
        return unsafe Array(bytes).withUnsafeBytes { unsafe digest(of: $0) }
    }

    /// The digest of secret bytes.
    package static func digest(of secret: SecretBytes) -> [UInt8] {
        unsafe secret.withBytes { unsafe digest(of: $0) }
    }

    /// The digest of a buffer.
    package static func digest(of bytes: UnsafeRawBufferPointer) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: digestCount) { output, initialized in
            let empty: [UInt8] = [0]
            let status = unsafe empty.withUnsafeBytes { spare in
                unsafe EVP_Digest(
                    bytes.baseAddress ?? spare.baseAddress,
                    bytes.count,
                    output.baseAddress,
                    nil,
                    algorithm.implementation,
                    nil
                )
            }
            precondition(status == 1, "a digest of memory cannot fail")
            initialized = digestCount
        }
    }
}

/// SHA-1; only where a standard demands it (TOTP's default, TPM statements).
package enum SHA1: HashFunction {
    package static let digestCount = 20
    package static let algorithm = DigestAlgorithm.sha1
}

/// SHA-256.
package enum SHA256: HashFunction {
    package static let digestCount = 32
    package static let algorithm = DigestAlgorithm.sha256
}

/// SHA-384.
package enum SHA384: HashFunction {
    package static let digestCount = 48
    package static let algorithm = DigestAlgorithm.sha384
}

/// SHA-512.
package enum SHA512: HashFunction {
    package static let digestCount = 64
    package static let algorithm = DigestAlgorithm.sha512
}

/// The hash functions there are.
package enum DigestAlgorithm: Sendable, CaseIterable {
    case sha1, sha256, sha384, sha512

    /// OpenSSL's object, which lives as long as the process.
    var implementation: OpaquePointer? {
        switch self {
        case .sha1: unsafe EVP_sha1()
        case .sha256: unsafe FetchedDigest.sha256.pointer
        case .sha384: unsafe EVP_sha384()
        case .sha512: unsafe EVP_sha512()
        }
    }
}

/// An algorithm that was looked up once.
///
/// `EVP_sha256()` is looked up anew at each use, which costs twice what hashing a token does, and every call hashes one.
/// `@unchecked Sendable`: OpenSSL changes nothing in a fetched algorithm but its reference count, and that atomically.
@safe
private struct FetchedDigest: @unchecked Sendable {
    let pointer: OpaquePointer?

    static let sha256 = FetchedDigest()

    private init() {
        unsafe pointer = EVP_MD_fetch(nil, "SHA256", nil) ?? EVP_sha256()
    }
}
