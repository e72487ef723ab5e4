/// The fields of a form or a query: each name once, valid UTF-8, no control bytes (SECURITY WEB-11).
struct FormFields: Sendable, Equatable {
    private var values: [String: String] = [:]
    private static let maximumFields = 16

    /// Reads `application/x-www-form-urlencoded`; refuses what is not well formed.
    init(_ body: some Collection<UInt8>) throws(PageRefusal) {
        guard !body.isEmpty else { return }
        let pairs = Array(body).split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false)
        guard pairs.count <= Self.maximumFields else { throw .badRequest }
        for pair in pairs {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.text(parts[0]), !name.isEmpty, let value = Self.text(parts.dropFirst().first ?? [])
            else { throw .badRequest }
            guard values[name] == nil else { throw .badRequest }
            values[name] = value
        }
    }

    init() {}

    /// The value of a field; empty when it is missing.
    subscript(_ name: String) -> String { values[name] ?? "" }

    private static func text(_ encoded: some Collection<UInt8>) -> String? {
        guard let bytes = PercentDecoding.decode(encoded, plusIsSpace: true),
            !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F })
        else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }
}
