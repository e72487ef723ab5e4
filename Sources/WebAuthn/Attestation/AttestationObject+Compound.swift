extension AttestationObject {
    /// One statement with its format's name.
    struct Part: Sendable, Hashable {
        let format: [UInt8]
        let members: CBORMap

        /// The most parts that are read, since each costs a signature's check.
        private static let limit = 8

        /// The parts of a compound statement (Level 3 section 8.9): two or more, and none compound itself.
        static func parts(of statement: CBORValue) throws(WebAuthnError) -> [Part] {
            guard let items = statement.items, (2...limit).contains(items.count) else {
                throw .attestation(.malformedStatement)
            }
            var parts: [Part] = []
            for item in items {
                guard let map = item.entries, map.hasExactly("fmt", "attStmt"), let format = map["fmt"]?.textBytes,
                    let members = map["attStmt"]?.entries, AttestationFormat(name: format) != .compound
                else { throw .attestation(.malformedStatement) }
                parts.append(Part(format: format, members: members))
            }
            return parts
        }
    }
}
