/// The fields of a form or a query: each name once, valid UTF-8, no control bytes (SECURITY WEB-11).
struct FormFields: Sendable, Equatable {
    private var values: [String: String] = [:]

    /// Reads `application/x-www-form-urlencoded`; refuses what is not well formed.
    init(_ body: some Collection<UInt8>, capacity: FormCapacity = .small) throws(PageRefusal) {
        guard !body.isEmpty else { return }
        let pairs = Array(body).split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false)
        guard pairs.count <= capacity.fields else { throw .badRequest }
        for pair in pairs {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.text(parts[0]), !name.isEmpty,
                let value = Self.text(parts.dropFirst().first ?? [], takesLines: capacity.takesLines)
            else { throw .badRequest }
            guard values[name] == nil else { throw .badRequest }
            values[name] = value
        }
    }

    init() {}

    /// The value of a field; empty when it is missing.
    subscript(_ name: String) -> String { values[name] ?? "" }

    /// Whether a field was sent, if only empty.
    func has(_ name: String) -> Bool { values[name] != nil }

    /// The fields whose names begin alike, by name.
    func all(beginningWith prefix: String) -> [String: String] {
        values.filter { $0.key.utf8.starts(with: prefix.utf8) }
    }

    private static func text(_ encoded: some Collection<UInt8>, takesLines: Bool = false) -> String? {
        guard var bytes = PercentDecoding.decode(encoded, plusIsSpace: true) else { return nil }
        if takesLines { bytes = withLineFeeds(bytes) }
        let isPlain = bytes.allSatisfy { byte in
            byte >= 0x20 && byte != 0x7F || takesLines && (byte == 0x0A || byte == 0x09)
        }
        return isPlain ? String(validating: bytes, as: UTF8.self) : nil
    }

    /// Forms send lines that end with CR LF (URL, section 5.2); we keep them as the domain does.
    private static func withLineFeeds(_ bytes: [UInt8]) -> [UInt8] {
        bytes.indices.compactMap { index in
            bytes[index] == 0x0D && bytes.indices.contains(index + 1) && bytes[index + 1] == 0x0A ? nil : bytes[index]
        }
    }
}
