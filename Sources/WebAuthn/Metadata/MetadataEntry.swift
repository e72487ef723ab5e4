package import Cryptography

/// What the metadata say of one model (FIDO Metadata Service 3.0 section 3.1.1).
package struct MetadataEntry: Sendable, Hashable {
    /// Nil for a FIDO U2F model, which has none.
    package let model: AAGUID?
    /// The identifiers of a FIDO U2F model's attestation keys, 20 bytes each.
    package let attestationKeys: [[UInt8]]
    /// What the maker states of it, if he does.
    package let statement: MetadataStatement?
    /// What became known of it, in the order of the document.
    package let statusReports: [MetadataStatusReport]

    /// Whether credentials of this model may be registered.
    package enum Verdict: Sendable, Hashable {
        case acceptable
        case compromised(MetadataBreach)
    }

    /// The verdict of all the reports together.
    ///
    /// A later report that an update is there takes nothing back: an attestation does not prove that it was applied.
    package var verdict: Verdict {
        statusReports.lazy.compactMap(\.breach).first.map(Verdict.compromised) ?? .acceptable
    }
}

/// What a maker states of a model (FIDO Metadata Statement 3.0 section 4), as far as we read it.
package struct MetadataStatement: Sendable, Hashable {
    /// The name of the model, at most 200 characters.
    package let description: String
    /// What paths from attestation certificates of this model end at; those that cannot be read are left out.
    package let attestationRoots: [Certificate]
    /// How many roots could not be read.
    package let unreadableRoots: Int
}

/// One thing that became known of a model (FIDO Metadata Service 3.0 section 3.1.3).
package struct MetadataStatusReport: Sendable, Hashable {
    /// As the document has it.
    package let status: String
    /// The day it began, in seconds since 1970; nil when the document does not tell, or not as a date.
    package let effectiveTime: Int64?

    /// The breach of trust it reports, if it is one.
    package var breach: MetadataBreach? { MetadataBreach(rawValue: status) }
}

/// What makes a model unfit (FIDO Metadata Service 3.0 section 3.1.4).
package enum MetadataBreach: String, Sendable, Hashable, CaseIterable {
    case revoked = "REVOKED"
    case userVerificationBypass = "USER_VERIFICATION_BYPASS"
    case attestationKeyCompromise = "ATTESTATION_KEY_COMPROMISE"
    case userKeyRemoteCompromise = "USER_KEY_REMOTE_COMPROMISE"
    case userKeyPhysicalCompromise = "USER_KEY_PHYSICAL_COMPROMISE"
}
