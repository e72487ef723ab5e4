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

    /// How many parts of a compound statement must hold (section 8.9).
    ///
    /// A part of the format none, of one we do not know or of one the policy does not accept never holds.
    package enum CompoundRule: Sendable, Hashable {
        case all
        /// This many, and never less than one.
        case atLeast(Int)
    }

    /// Why a statement that holds is not accepted.
    package enum Refusal: Sendable, Hashable {
        case format
        case model
        /// The metadata say that the model's keys or its verification of people are broken.
        case compromisedModel
        /// Nobody we trust vouches for it.
        case notTrusted
    }

    /// The formats that are accepted.
    package var formats: Set<AttestationFormat> = Set(AttestationFormat.allCases)
    package var unknownFormats = UnknownFormats.refuse
    package var compoundRule = CompoundRule.all
    /// Whether a path to an anchor is demanded; without, the verdict only tells.
    package var requiresTrust = false
    /// The models that are accepted, nil for all; a fact only together with `requiresTrust`.
    ///
    /// FIDO U2F does not sign the model's number: its authenticators count as `AAGUID.zero`.
    package var allowedModels: Set<AAGUID>?
    /// Models that are refused.
    package var deniedModels: Set<AAGUID> = []
    /// The anchors of single models, which stand in place of those for all and of the metadata's.
    package var anchors: [AAGUID: [Certificate]] = [:]
    /// What is known of models: their anchors, and which of them are compromised.
    package var metadata: MetadataBlob?
    /// The anchors for every model that has none of its own and is not in the metadata.
    package var commonAnchors: [Certificate] = []
    /// Whether Android keys must be in hardware by the word of the hardware.
    package var requiresAndroidHardware = false
    /// Seconds since 1970.
    package var time: Int64

    /// A policy that verifies every statement of a known format and demands none.
    package init(time: Int64) {
        self.time = time
    }
}
