internal import Glibc

extension KeyRing {
    private static let firstLine = "# Gatehouse key ring: id, state, material. Keep it secret, and keep a copy."

    /// Reads a key ring from its file; makes one with a single new key when the file is missing and that is wanted.
    ///
    /// The file must be a regular file of this user that nobody else can read (SECURITY KEY-04).
    ///
    /// - Throws: `.keyRing` with the reason.
    package static func load(
        path: String,
        createIfMissing: Bool,
        random: any RandomSource
    ) throws(CryptographyError) -> KeyRing {
        if createIfMissing, unsafe access(path, F_OK) != 0, errno == ENOENT {
            try create(path: path, random: random)
        }
        return try KeyRing(keys: parse(read(path: path)))
    }

    /// The keys after a rotation: a new active one, the former one for opening only.
    package func rotated(random: any RandomSource) -> [Key] {
        let id = (keyIDs.max() ?? 0) &+ 1
        let former = keys.map { key in
            key.state == .active ? Key(id: key.id, state: .decryptOnly, material: key.material) : key
        }
        return former + [Key(id: id, state: .active, material: random.secret(Self.materialCount))]
    }

    /// Replaces the file in one step: no reader ever sees half a ring.
    package static func write(_ keys: [Key], to path: String) throws(CryptographyError) {
        _ = try KeyRing(keys: keys)
        let temporary = path + ".new"
        unsafe unlink(temporary)
        try writeFile(keys, to: temporary)
        guard unsafe rename(temporary, path) == 0 else {
            throw CryptographyError(.keyRing, "the key ring file cannot be replaced")
        }
        syncDirectory(of: path)
    }

    /// Makes the first ring.
    ///
    /// Of several processes that start at once one wins; the others read its ring.
    private static func create(path: String, random: any RandomSource) throws(CryptographyError) {
        let temporary = path + ".\(getpid()).\(Hex.encode(random.bytes(4)))"
        try writeFile([Key(id: 1, state: .active, material: random.secret(materialCount))], to: temporary)
        let status = unsafe link(temporary, path)
        let linked = status == 0 || errno == EEXIST
        unsafe unlink(temporary)
        guard linked else { throw CryptographyError(.keyRing, "the key ring file cannot be made at \(path)") }
        syncDirectory(of: path)
    }
}

// MARK: - The file's bytes

extension KeyRing {
    private static func read(path: String) throws(CryptographyError) -> String {
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CryptographyError(.keyRing, "the key ring file \(path) cannot be opened, or is a symbolic link")
        }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw CryptographyError(.keyRing, "the key ring \(path) is not a regular file")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw CryptographyError(.keyRing, "the key ring file \(path) must be its owner's only (chmod 600)")
        }
        guard status.st_uid == geteuid() else {
            throw CryptographyError(.keyRing, "the key ring file \(path) belongs to another user")
        }
        guard status.st_size <= 65_536 else { throw CryptographyError(.keyRing, "the key ring file is too long") }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        let count = unsafe Glibc.read(descriptor, &bytes, bytes.count)
        guard count == bytes.count, let text = String(validating: bytes, as: UTF8.self) else {
            throw CryptographyError(.keyRing, "the key ring file cannot be read")
        }
        return text
    }

    private static func parse(_ text: String) throws(CryptographyError) -> [Key] {
        var keys: [Key] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            let words = line.split(separator: " ")
            guard let key = key(from: words) else {
                throw CryptographyError(.keyRing, "line \(index + 1) of the key ring file is not `ID STATE MATERIAL`")
            }
            keys.append(key)
        }
        return keys
    }

    private static func key(from words: [Substring]) -> Key? {
        guard words.count >= 2, let id = UInt32(words[0]), let state = Key.State(rawValue: String(words[1])) else {
            return nil
        }
        guard state != .destroyed else {
            return words.count == 2 ? Key(id: id, state: state, material: SecretBytes(copying: [])) : nil
        }
        guard words.count == 3, let material = Base64URL.decode(Array(words[2].utf8)) else { return nil }
        return Key(id: id, state: state, material: SecretBytes(copying: material))
    }

    private static func writeFile(_ keys: [Key], to path: String) throws(CryptographyError) {
        var bytes = Array((firstLine + "\n").utf8)
        for key in keys {
            bytes += Array("\(key.id) \(key.state.rawValue)".utf8)
            if key.state != .destroyed {
                bytes.append(UInt8(ascii: " "))
                bytes += unsafe key.material.withBytes { unsafe Base64URL.encodedBytes($0) }
            }
            bytes.append(UInt8(ascii: "\n"))
        }
        let descriptor = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw CryptographyError(.keyRing, "the key ring file cannot be written at \(path)")
        }
        defer { close(descriptor) }
        guard unsafe Glibc.write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else {
            unsafe unlink(path)
            throw CryptographyError(.keyRing, "the key ring file cannot be written at \(path)")
        }
    }

    /// Makes a new name in a directory last through a power failure.
    private static func syncDirectory(of path: String) {
        let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = unsafe Glibc.open(directory.isEmpty ? "/" : directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
