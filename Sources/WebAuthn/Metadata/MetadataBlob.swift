package import Cryptography

/// A file of the FIDO Metadata Service, version 3 (FIDO Metadata Service 3.0 section 3.1.6), verified.
///
/// The administrator supplies it and the roots; nothing is fetched. What is not signed is not decoded.
package struct MetadataBlob: Sendable {
    /// The serial number, which grows with each issue; the caller keeps it for the next one.
    package let number: Int64
    /// The day by which there is a newer issue, in seconds since 1970.
    package let nextUpdate: Int64
    private let entries: [AAGUID: MetadataEntry]
    private let entriesByKey: [[UInt8]: [MetadataEntry]]

    /// Verifies and reads metadata, in the order of section 3.2: certificates, signature, serial number.
    ///
    /// - Parameters:
    ///   - bytes: The file as it is served, with nothing around.
    ///   - trust: Whose signature counts.
    ///   - previousNumber: The greatest serial number seen so far; the same one again is the same issue.
    /// - Throws: `MetadataError`.
    package init(
        _ bytes: [UInt8],
        trusting trust: MetadataTrust,
        previousNumber: Int64? = nil
    ) throws(MetadataError) {
        let payload = try MetadataPayload(try SignedMetadata(bytes).payload(trusting: trust))
        guard payload.number >= previousNumber ?? 0 else { throw .rolledBack }
        number = payload.number
        nextUpdate = payload.nextUpdate
        entries = try Self.byModel(payload.entries)
        entriesByKey = Self.byKey(payload.entries)
        unreadableRoots = payload.entries.reduce(0) { $0 + ($1.statement?.unreadableRoots ?? 0) }
    }

    /// What is known of a model; nil when nothing is, and for the model nobody tells.
    package subscript(model: AAGUID) -> MetadataEntry? { entries[model] }

    /// What is known of the FIDO U2F models whose attestation certificates have this key; makers may share one.
    package func entries(attestedBy certificate: Certificate) -> [MetadataEntry] {
        guard !entriesByKey.isEmpty, let identifier = certificate.publicKey?.identifier else { return [] }
        return entriesByKey[identifier] ?? []
    }

    /// The models something is known of.
    package var models: Set<AAGUID> { Set(entries.keys) }

    /// How many roots of all statements could not be read.
    package let unreadableRoots: Int

    /// Whether at a time, in seconds since 1970, the day of the next issue is over and it should have been fetched.
    package func isStale(at time: Int64) -> Bool { time >= nextUpdate + 86_400 }

    private static func byModel(_ list: [MetadataEntry]) throws(MetadataError) -> [AAGUID: MetadataEntry] {
        var entries: [AAGUID: MetadataEntry] = [:]
        for entry in list {
            guard let model = entry.model else { continue }
            guard entries.updateValue(entry, forKey: model) == nil else { throw .duplicateEntry }
        }
        return entries
    }

    private static func byKey(_ list: [MetadataEntry]) -> [[UInt8]: [MetadataEntry]] {
        var entries: [[UInt8]: [MetadataEntry]] = [:]
        for entry in list {
            for key in entry.attestationKeys { entries[key, default: []].append(entry) }
        }
        return entries
    }
}

extension VerificationKey {
    /// SHA-1 of the key's bits, without what they are (RFC 5280 section 4.2.1.2, the first method).
    fileprivate var identifier: [UInt8]? {
        var outer = DERReader(subjectPublicKeyInfo)
        guard var info = try? outer.sequence(), (try? info.next()) != nil, let bits = try? info.next(),
            bits.tag == .universal(3)
        else { return nil }
        // The first byte tells how many bits of the last one are unused: none.
        return SHA1.digest(of: bits.contents.dropFirst())
    }
}
