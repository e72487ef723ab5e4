/// A hash of ASP.NET Core Identity, version 2 or 3: base64 of a version byte, costs, salt and key.
package struct AspNetIdentityRecord: PasswordScheme {
    /// The layout, by its first byte.
    enum Layout: UInt8, Sendable {
        case version2 = 0
        case version3 = 1
    }

    /// The hash functions of version 3, by their numbers.
    private static let hashes: [DigestAlgorithm] = [.sha1, .sha256, .sha512]

    let layout: Layout
    let key: PBKDF2Key

    /// Reads the whole text.
    init(base64 text: some Collection<UInt8>) throws(PasswordRecordError) {
        guard let bytes = PasswordBase64.padded.decode(text), let first = bytes.first,
            let layout = Layout(rawValue: first)
        else { throw .unknownFormat }
        switch layout {
        case .version2: try self.init(version2: bytes)
        case .version3: try self.init(version3: bytes)
        }
    }

    private init(version2 bytes: [UInt8]) throws(PasswordRecordError) {
        guard bytes.count == 49 else { throw .malformed }
        layout = .version2
        key = PBKDF2Key(hash: .sha1, iterations: 1000, salt: Array(bytes[1..<17]), tag: Array(bytes[17...]))
    }

    private init(version3 bytes: [UInt8]) throws(PasswordRecordError) {
        guard bytes.count >= 45,
            let number = UInt32(bigEndianBytes: bytes[1..<5]),
            let iterations = UInt32(bigEndianBytes: bytes[5..<9]),
            let saltCount = UInt32(bigEndianBytes: bytes[9..<13]).flatMap(Int.init(exactly:))
        else { throw .malformed }
        guard let hash = Int(exactly: number).flatMap({ Self.hashes.indices.contains($0) ? Self.hashes[$0] : nil })
        else { throw .malformed }
        guard PBKDF2Key.iterationRange.contains(iterations), (16...64).contains(saltCount),
            (16...64).contains(bytes.count - 13 - saltCount)
        else { throw .outOfBounds }
        layout = .version3
        key = PBKDF2Key(
            hash: hash,
            iterations: iterations,
            salt: Array(bytes[13..<13 + saltCount]),
            tag: Array(bytes[(13 + saltCount)...])
        )
    }

    var text: String {
        var bytes = [layout.rawValue]
        if layout == .version3 {
            bytes += UInt32(clamping: Self.hashes.firstIndex(of: key.hash) ?? 0).bigEndianBytes
            bytes += key.iterations.bigEndianBytes + UInt32(clamping: key.salt.count).bigEndianBytes
        }
        return PasswordBase64.padded.encode(bytes + key.salt + key.tag)
    }

    var estimatedMicroseconds: Int { key.estimatedMicroseconds }

    func verify(_ password: SecretBytes, memory: inout Argon2Memory) throws(CryptographyError) -> Bool {
        try key.verify(password)
    }
}
