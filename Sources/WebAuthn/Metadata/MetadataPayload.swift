internal import Cryptography
internal import FoundationEssentials

/// The signed document, MetadataBLOBPayload of FIDO Metadata Service 3.0 section 3.1.6, as far as we read it.
///
/// Whoever signed it is believed, so a common decoder will do.
struct MetadataPayload {
    let number: Int64
    /// Seconds since 1970.
    let nextUpdate: Int64
    /// Of FIDO2 and FIDO U2F models; those of UAF are left out.
    let entries: [MetadataEntry]

    init(_ bytes: [UInt8]) throws(MetadataError) {
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(bytes)), document.no >= 0,
            let nextUpdate = MetadataDate.seconds(document.nextUpdate)
        else { throw .malformedPayload }
        number = document.no
        self.nextUpdate = nextUpdate
        var entries: [MetadataEntry] = []
        for entry in document.entries {
            let read = try MetadataEntry(entry)
            if read.model != nil || !read.attestationKeys.isEmpty { entries.append(read) }
        }
        self.entries = entries
    }

    // Names as the document has them.
    struct Document: Decodable {
        let no: Int64
        let nextUpdate: String
        let entries: [Entry]
    }

    struct Entry: Decodable {
        let aaguid: String?
        let attestationCertificateKeyIdentifiers: [String]?
        let metadataStatement: Statement?
        let statusReports: [Report]
    }

    struct Statement: Decodable {
        let description: String
        let attestationRootCertificates: [String]?
    }

    struct Report: Decodable {
        let status: String
        let effectiveDate: String?
    }
}

extension MetadataEntry {
    fileprivate init(_ entry: MetadataPayload.Entry) throws(MetadataError) {
        model = try Self.model(entry.aaguid)
        attestationKeys = try Self.attestationKeys(entry.attestationCertificateKeyIdentifiers ?? [])
        statement = entry.metadataStatement.map(MetadataStatement.init)
        statusReports = entry.statusReports.map {
            MetadataStatusReport(status: $0.status, effectiveTime: $0.effectiveDate.flatMap(MetadataDate.seconds))
        }
    }

    private static func model(_ text: String?) throws(MetadataError) -> AAGUID? {
        guard let text else { return nil }
        guard let model = AAGUID(text) else { throw .malformedPayload }
        // The number of those that do not tell who they are must not give all of them one maker's roots.
        return model == .zero ? nil : model
    }

    private static func attestationKeys(_ texts: [String]) throws(MetadataError) -> [[UInt8]] {
        let keys = texts.compactMap { Hex.decode($0) }
        guard keys.count == texts.count, keys.allSatisfy({ $0.count == SHA1.digestCount }) else {
            throw .malformedPayload
        }
        return keys
    }
}

extension MetadataStatement {
    fileprivate init(_ statement: MetadataPayload.Statement) {
        let texts = statement.attestationRootCertificates ?? []
        description = String(statement.description.prefix(200))
        attestationRoots = texts.compactMap(Self.certificate)
        unreadableRoots = texts.count - attestationRoots.count
    }

    /// Base64, which makers break into lines though they should not.
    private static func certificate(_ text: String) -> Certificate? {
        let letters = text.utf8.filter { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        return Data(base64Encoded: Data(letters)).flatMap { try? Certificate(der: Array($0)) }
    }
}
