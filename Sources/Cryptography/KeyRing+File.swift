internal import Glibc

extension KeyRing {
    private static let maximumFileBytes = 65_536

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
        var text = try read(path: path)
        defer { text.cleanse() }
        return try KeyRing(keys: parse(text))
    }

    /// Replaces the file in one step: no reader ever sees half a ring.
    ///
    /// - Throws: `.keyRing` when the keys are no whole ring or the file cannot be written.
    package static func write(_ keys: [Key], to path: String) throws(CryptographyError) {
        _ = try KeyRing(keys: keys)
        let temporary = path + ".new"
        unsafe unlink(temporary)
        try writeFile(keys, to: temporary)
        guard unsafe rename(temporary, path) == 0 else {
            unsafe unlink(temporary)
            throw CryptographyError(.keyRing, "the key ring file \(path) cannot be replaced")
        }
        syncDirectory(of: path)
    }

    /// Makes the first ring.
    ///
    /// Of several processes that start at once one wins; the others read its ring.
    private static func create(path: String, random: any RandomSource) throws(CryptographyError) {
        let temporary = path + ".\(getpid()).\(Hex.encode(random.bytes(8)))"
        try writeFile([Key(id: 1, state: .active, material: random.secret(materialCount))], to: temporary)
        let status = unsafe link(temporary, path)
        let linked = status == 0 || errno == EEXIST
        unsafe unlink(temporary)
        guard linked else { throw CryptographyError(.keyRing, "the key ring file cannot be made at \(path)") }
        syncDirectory(of: path)
    }

    private static func read(path: String) throws(CryptographyError) -> [UInt8] {
        // Without O_NONBLOCK a pipe in the file's place would hold us until someone wrote to it.
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw CryptographyError(.keyRing, "the key ring file \(path) cannot be opened, or is a symbolic link")
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: try checkedSize(of: descriptor, path: path))
        guard unsafe Glibc.read(descriptor, &bytes, bytes.count) == bytes.count else {
            throw CryptographyError(.keyRing, "the key ring file \(path) cannot be read")
        }
        return bytes
    }

    /// Looks at the open file, not at its name, so that nobody can change it in between.
    private static func checkedSize(of descriptor: Int32, path: String) throws(CryptographyError) -> Int {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw CryptographyError(.keyRing, "the key ring \(path) is not a regular file")
        }
        guard status.st_uid == geteuid() else {
            throw CryptographyError(.keyRing, "the key ring file \(path) belongs to another user")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw CryptographyError(.keyRing, "the key ring file \(path) must be its owner's only (chmod 600)")
        }
        guard status.st_size <= maximumFileBytes else {
            throw CryptographyError(.keyRing, "the key ring file \(path) is too long")
        }
        return status.st_size
    }

    private static func writeFile(_ keys: [Key], to path: String) throws(CryptographyError) {
        var bytes = text(of: keys)
        defer { bytes.cleanse() }
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
