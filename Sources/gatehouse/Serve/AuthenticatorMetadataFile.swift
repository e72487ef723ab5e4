internal import Foundation
internal import Identity
internal import Logging
internal import MariaDB
internal import WebAuthn

/// The FIDO metadata that the settings name: read and judged at start, and refused with a sentence that names the setting.
struct AuthenticatorMetadataFile {
    private static let option = "passkeys.metadata-file"

    let blob: MetadataBlob

    /// Reads and verifies the file; nil when none is configured.
    ///
    /// - Throws: `CommandFailure`.
    init?(_ settings: PasskeySettings, at now: Timestamp) throws {
        guard !settings.metadataFile.isEmpty else { return nil }
        let time = now.microsecondsSinceEpoch / 1_000_000
        let roots = try CertificateFile.certificates(settings.metadataRootsFile, option: "passkeys.metadata-ca-file")
        guard let data = FileManager.default.contents(atPath: settings.metadataFile) else {
            throw CommandFailure("\(Self.option): the file cannot be read")
        }
        // Editors and downloads end a file with a line break, which is no part of it.
        let bytes = Array(data.prefix { $0 != 0x0A && $0 != 0x0D })
        do throws(MetadataError) {
            blob = try MetadataBlob(bytes, trusting: MetadataTrust(anchors: roots, time: time))
        } catch {
            throw CommandFailure("\(Self.option): \(error.sentence)")
        }
        guard !blob.isStale(at: time) else {
            throw CommandFailure("\(Self.option): the file is outdated, a newer issue is due; fetch it")
        }
    }

    /// Compares it with what servers of this database used before (SECURITY AF-10).
    ///
    /// - Throws: `CommandFailure` when that was newer.
    func admit(by database: Database, at now: Timestamp, logger: Logger) async throws {
        let greatest = try await AuthenticatorMetadata.accept(
            blob.number,
            at: now,
            deadline: .after(.seconds(30)),
            in: database
        )
        guard blob.number >= greatest else {
            throw CommandFailure(
                "\(Self.option): the file is older than what was used before (issue \(blob.number), then \(greatest))"
            )
        }
        logger.info(
            "authenticator metadata are in use",
            metadata: [
                "metadata.number": "\(blob.number)", "metadata.models": "\(blob.models.count)",
                "metadata.unreadable_roots": "\(blob.unreadableRoots)",
            ]
        )
    }
}

extension MetadataError {
    /// What is wrong with the file, for whoever administers it.
    fileprivate var sentence: String {
        switch self {
        case .tooLarge: "the file is too large"
        case .malformedToken, .malformedHeader, .malformedPayload, .duplicateEntry:
            "the file is not FIDO metadata of version 3, or is damaged"
        case .malformedCertificates: "the file has no signing certificates that can be read"
        case .algorithmNotAllowed: "the file is signed with an algorithm that is not taken"
        case .wrongHost: "the file is not signed by the FIDO Metadata Service"
        case .notTrusted: "the authority of passkeys.metadata-ca-file did not certify who signed the file"
        case .wrongSignature: "the signature of the file is wrong"
        case .rolledBack: "the file is older than what was used before"
        }
    }
}
