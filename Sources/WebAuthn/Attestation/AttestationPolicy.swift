package import Cryptography

/// Which attestations a relying party accepts (Level 3 section 7.1 steps 21-24).
///
/// The time is part of it: it is the time at which certificates must be valid.
package struct AttestationPolicy: Sendable {
    /// What happens to a statement whose format we do not know.
    package enum UnknownFormats: Sendable, Hashable {
        case refuse
        /// As if there were none.
        case treatAsNone
    }

    /// Why a statement that holds is not accepted.
    package enum Refusal: Sendable, Hashable {
        case format
        case model
        /// Nobody we trust vouches for it.
        case notTrusted
    }

    /// The formats that are accepted.
    package var formats: Set<AttestationFormat> = Set(AttestationFormat.allCases)
    package var unknownFormats = UnknownFormats.treatAsNone
    /// Whether a path to an anchor is demanded; without, the verdict only tells.
    package var requiresTrust = false
    /// The models that are accepted, nil for all; a fact only together with `requiresTrust`.
    package var allowedModels: Set<AAGUID>?
    /// Models that are refused.
    package var deniedModels: Set<AAGUID> = []
    /// The anchors of single models, which stand in place of those for all.
    package var anchors: [AAGUID: [Certificate]] = [:]
    /// The anchors for every model without its own.
    package var commonAnchors: [Certificate] = []
    /// Whether Android keys must be in hardware by the word of the hardware.
    package var requiresAndroidHardware = false
    /// Seconds since 1970.
    package var time: Int64

    /// A policy that verifies every statement and demands none.
    package init(time: Int64) {
        self.time = time
    }

    /// Steps 21-24: runs the format's procedure and judges what it found.
    func judge(
        _ object: AttestationObject,
        of credential: AttestedCredential,
        _ clientDataHash: [UInt8]
    ) throws(WebAuthnError) -> AttestationVerdict {
        // Step 21.
        let known = AttestationFormat(name: object.format)
        guard known != nil || unknownFormats == .treatAsNone else { throw .attestation(.unknownFormat) }
        let format = known ?? .none
        guard formats.contains(format) else { throw .attestationRefused(.format) }
        // Step 22.
        let finding =
            known == nil ? AttestationFinding(.none) : try verify(format, object, credential, clientDataHash)
        // Steps 23-24.
        let isTrusted = isTrusted(finding, model: credential.aaguid)
        guard isTrusted || !requiresTrust else { throw .attestationRefused(.notTrusted) }
        guard isAllowed(credential.aaguid) else { throw .attestationRefused(.model) }
        return AttestationVerdict(
            format: format,
            type: finding.type,
            trustPath: finding.trustPath,
            isTrusted: isTrusted
        )
    }

    private func verify(
        _ format: AttestationFormat,
        _ object: AttestationObject,
        _ credential: AttestedCredential,
        _ clientDataHash: [UInt8]
    ) throws(WebAuthnError) -> AttestationFinding {
        let statement = AttestationStatement(
            members: object.statement,
            authenticatorData: object.authenticatorData,
            credential: credential,
            clientDataHash: clientDataHash
        )
        do {
            return try statement.verify(as: format, needsAndroidHardware: requiresAndroidHardware)
        } catch {
            throw .attestation(error)
        }
    }

    /// Step 23: the path ends at an anchor; one that the statement brought itself is none.
    private func isTrusted(_ finding: AttestationFinding, model: AAGUID) -> Bool {
        guard let leaf = finding.trustPath.first else { return false }
        let anchors = anchors[model] ?? commonAnchors
        return !anchors.isEmpty
            && CertificatePath.verify(
                leaf: leaf,
                intermediates: Array(finding.trustPath.dropFirst()),
                anchors: anchors,
                at: time
            )
    }

    private func isAllowed(_ model: AAGUID) -> Bool {
        !deniedModels.contains(model) && allowedModels?.contains(model) != false
    }
}
