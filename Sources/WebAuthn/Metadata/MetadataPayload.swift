internal import Cryptography
internal import FoundationEssentials

/// The signed document, MetadataBLOBPayload of FIDO Metadata Service 3.0 section 3.1.6, as far as we read it.
///
/// Whoever signed it is believed, so a common decoder will do.
struct MetadataPayload {
    let number: Int64
    /// Seconds since 1970.
    let nextUpdate: Int64
    /// Of FIDO2 models; others have no AAGUID.
    let entries: [MetadataEntry]

    init(_ bytes: [UInt8]) throws(MetadataError) {
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(bytes)), document.no >= 0,
            let nextUpdate = MetadataDate.seconds(document.nextUpdate)
        else { throw .malformedPayload }
        number = document.no
        self.nextUpdate = nextUpdate
        var entries: [MetadataEntry] = []
        for entry in document.entries {
            guard let text = entry.aaguid else { continue }
            guard let model = AAGUID(text) else { throw .malformedPayload }
            // The number of those that do not tell who they are must not give all of them one maker's roots.
            guard model != .zero else { continue }
            entries.append(MetadataEntry(model, entry))
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
    fileprivate init(_ model: AAGUID, _ entry: MetadataPayload.Entry) {
        self.model = model
        statement = entry.metadataStatement.map(MetadataStatement.init)
        statusReports = entry.statusReports.map {
            MetadataStatusReport(status: $0.status, effectiveTime: $0.effectiveDate.flatMap(MetadataDate.seconds))
        }
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
