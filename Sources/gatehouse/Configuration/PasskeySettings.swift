internal import Identity
internal import WebAuthn

/// Which passkeys are taken.
struct PasskeySettings: Sendable {
    let relatedOrigins: [RelatedOrigin]
    let maximumPerUser: Int
    let userVerification: PasskeyUserVerification
    /// Empty: the usual ones.
    let algorithms: [COSEAlgorithm]
    let allowsSynchronised: Bool
    let attestation: AttestationConveyance
    let formats: Set<AttestationFormat>
    let requiresTrust: Bool
    let rootsFile: String
    /// Empty: none.
    let metadataFile: String
    let metadataRootsFile: String
    /// Empty: all.
    let allowedModels: Set<AAGUID>
    let deniedModels: Set<AAGUID>

    /// Names of all origins together; browsers look at so many at least (Level 3 section 5.11.1).
    static let maximumLabels = 5

    init(_ sources: inout ConfigurationSources, siteURL: String, problems: inout [String]) {
        let origins = sources.read(Options.passkeyRelatedOrigins)
        relatedOrigins = origins.compactMap { RelatedOrigin($0) }
        maximumPerUser = sources.read(Options.passkeysPerUser)
        userVerification = sources.read(Options.passkeyUserVerification)
        let algorithmNames = sources.read(Options.passkeyAlgorithms)
        algorithms = algorithmNames.compactMap { COSEAlgorithm(name: $0) }
        allowsSynchronised = sources.read(Options.passkeysMaySynchronise)
        attestation = sources.read(Options.attestationConveyance)
        let names = sources.read(Options.attestationFormats)
        formats =
            names.isEmpty ? Set(AttestationFormat.allCases) : Set(names.compactMap { AttestationFormat(rawValue: $0) })
        requiresTrust = sources.read(Options.attestationIsTrusted)
        rootsFile = sources.read(Options.attestationRoots)
        metadataFile = sources.read(Options.metadataFile)
        metadataRootsFile = sources.read(Options.metadataRoots)
        let (allowed, denied) = (sources.read(Options.allowedModels), sources.read(Options.deniedModels))
        allowedModels = Set(allowed.compactMap { AAGUID($0) })
        deniedModels = Set(denied.compactMap { AAGUID($0) })
        if relatedOrigins.count != origins.count || Set(origins).count != origins.count {
            problems.append(
                "passkeys.related-origins must be different https://host[:port] in lower case, with commas between"
            )
        }
        let labels = Set((relatedOrigins + [RelatedOrigin(siteURL)].compactMap(\.self)).map(\.label))
        if labels.count > Self.maximumLabels {
            problems.append("passkeys.related-origins may have \(Self.maximumLabels) names together with the site")
        }
        if algorithms.count != algorithmNames.count || Set(algorithms).count != algorithms.count {
            problems.append(
                "passkeys.algorithms must be different names of algorithms, such as ES256, with commas between"
            )
        }
        if !names.allSatisfy({ AttestationFormat(rawValue: $0) != nil }) {
            problems.append("passkeys.attestation-formats has a name that is none of a format")
        }
        if !allowed.allSatisfy({ AAGUID($0) != nil }) {
            problems.append("passkeys.allowed-models must be AAGUIDs, with commas between")
        }
        if !denied.allSatisfy({ AAGUID($0) != nil }) {
            problems.append("passkeys.denied-models must be AAGUIDs, with commas between")
        }
        problems += contradictions
    }

    /// What demands a proof that nothing gives.
    private var contradictions: [String] {
        var problems: [String] = []
        if requiresTrust, attestation == .none {
            problems.append("passkeys.require-trusted-attestation needs passkeys.attestation to be other than none")
        }
        if requiresTrust, rootsFile.isEmpty, metadataFile.isEmpty {
            problems.append(
                "passkeys.require-trusted-attestation needs passkeys.metadata-file or passkeys.attestation-roots-file"
            )
        }
        if metadataFile.isEmpty != metadataRootsFile.isEmpty {
            problems.append("passkeys.metadata-file and passkeys.metadata-ca-file go together")
        }
        if !requiresTrust, !allowedModels.isEmpty {
            problems.append(
                "passkeys.allowed-models needs passkeys.require-trusted-attestation: without, the model is a mere claim"
            )
        }
        return problems
    }
}
