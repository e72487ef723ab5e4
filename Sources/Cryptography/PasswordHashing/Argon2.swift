internal import CArgon2

/// The memory-hard password hash (RFC 9106).
package enum Argon2 {
    /// Bytes of a new record's salt.
    package static let saltCount = 16

    /// Computes the tag of a password, all lanes in the calling thread.
    ///
    /// - Parameters:
    ///   - password: Any bytes.
    ///   - salt: 8 to 64 bytes.
    ///   - parameters: Cost and length of the tag.
    ///   - memory: A block that is large enough for the parameters.
    ///   - secret: A key, RFC 9106's K; our pepper is applied before instead (see `Pepper`).
    ///   - associatedData: RFC 9106's X.
    /// - Returns: The tag.
    /// - Throws: `.malformed` for a salt of another length or a block too small; `.internalFailure` of the library.
    package static func hash(
        password: SecretBytes,
        salt: [UInt8],
        parameters: Argon2Parameters,
        memory: inout Argon2Memory,
        secret: SecretBytes? = nil,
        associatedData: [UInt8] = []
    ) throws(CryptographyError) -> [UInt8] {
        guard (8...64).contains(salt.count) else {
            throw CryptographyError(.malformed, "a salt for Argon2 has 8 to 64 bytes")
        }
        guard memory.count >= parameters.memoryCount else {
            throw CryptographyError(.malformed, "the block lent to Argon2 is smaller than its parameters ask")
        }
        var tag = [UInt8](repeating: 0, count: parameters.tagCount)
        let secret = secret ?? SecretBytes(copying: [])
        let status = unsafe password.withBytes { password in
            unsafe secret.withBytes { secret in
                unsafe salt.withUnsafeBytes { salt in
                    unsafe associatedData.withUnsafeBytes { data in
                        unsafe tag.withUnsafeMutableBytes { tag in
                            var context = unsafe argon2_context(parameters)
                            unsafe (context.out, context.outlen) = (start(of: tag), UInt32(clamping: tag.count))
                            unsafe (context.pwd, context.pwdlen) = input(password)
                            unsafe (context.salt, context.saltlen) = input(salt)
                            unsafe (context.secret, context.secretlen) = input(secret)
                            unsafe (context.ad, context.adlen) = input(data)
                            return unsafe memory.compute(&context, parameters.variant)
                        }
                    }
                }
            }
        }
        guard status == ARGON2_OK.rawValue else {
            throw CryptographyError(.internalFailure, "Argon2 failed with code \(status)")
        }
        return tag
    }

    private static func start(of bytes: UnsafeMutableRawBufferPointer) -> UnsafeMutablePointer<UInt8>? {
        unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    }

    /// The library declares its inputs as mutable, but writes to none of them without a flag that we do not set.
    private static func input(_ bytes: UnsafeRawBufferPointer) -> (UnsafeMutablePointer<UInt8>?, UInt32) {
        unsafe (start(of: UnsafeMutableRawBufferPointer(mutating: bytes)), UInt32(clamping: bytes.count))
    }
}

extension argon2_context {
    fileprivate init(_ parameters: Argon2Parameters) {
        unsafe self.init()
        unsafe t_cost = parameters.passes
        unsafe m_cost = parameters.memory
        unsafe lanes = parameters.lanes
        unsafe threads = 1
        unsafe version = parameters.version.rawValue
    }
}

extension Argon2Memory {
    fileprivate mutating func compute(_ context: inout argon2_context, _ variant: Argon2Parameters.Variant) -> Int32 {
        let type =
            switch variant {
            case .d: Argon2_d
            case .i: Argon2_i
            case .id: Argon2_id
            }
        return unsafe withBlock { block in unsafe CArgon2_hash(&context, type, block.baseAddress, block.count) }
    }
}
