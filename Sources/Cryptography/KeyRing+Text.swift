/// The text of a key ring file: a line `ID STATE MATERIAL` for each key, the material in base64url.
///
/// Bytes all the way, because a String could not be zeroed.
extension KeyRing {
    private static let firstLine = "# Gatehouse key ring: id, state, material. Keep it secret, and keep a copy.\n"
    /// Ten digits, the longest state, 43 letters, two spaces and the end of the line.
    private static let maximumLineBytes = 10 + 12 + 43 + 3

    /// Every line ends with a line feed, so that a file that was cut short is noticed wherever the cut is.
    static func parse(_ text: [UInt8]) throws(CryptographyError) -> [Key] {
        guard text.last == UInt8(ascii: "\n") else {
            throw CryptographyError(.keyRing, "the key ring file is empty or was cut short")
        }
        var keys: [Key] = []
        let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where !line.isEmpty && line.first != UInt8(ascii: "#") {
            guard let key = key(from: line) else {
                throw CryptographyError(.keyRing, "line \(index + 1) of the key ring file is not `ID STATE MATERIAL`")
            }
            keys.append(key)
        }
        return keys
    }

    /// The file's bytes; the caller zeroes them.
    static func text(of keys: [Key]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(firstLine.utf8.count + keys.count * maximumLineBytes)
        bytes += firstLine.utf8
        for key in keys {
            bytes += "\(key.id) \(key.state.rawValue)".utf8
            if key.state != .destroyed {
                bytes.append(UInt8(ascii: " "))
                var material = unsafe key.material.withBytes { unsafe Base64URL.encodedBytes($0) }
                bytes += material
                material.cleanse()
            }
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }

    private static func key(from line: ArraySlice<UInt8>) -> Key? {
        let words = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard words.count >= 2, let id = number(words[0]), let state = state(words[1]) else { return nil }
        guard state != .destroyed else {
            return words.count == 2 ? Key(id: id, state: state, material: SecretBytes(copying: [])) : nil
        }
        guard words.count == 3, var material = Base64URL.decode(words[2]) else { return nil }
        defer { material.cleanse() }
        return Key(id: id, state: state, material: SecretBytes(copying: material))
    }

    /// Digits only; `UInt32.init` would take a sign.
    private static func number(_ word: ArraySlice<UInt8>) -> UInt32? {
        guard word.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains) else { return nil }
        return UInt32(String(decoding: word, as: UTF8.self))
    }

    private static func state(_ word: ArraySlice<UInt8>) -> Key.State? {
        Key.State(rawValue: String(decoding: word, as: UTF8.self))
    }
}
