internal import Cryptography

extension AttestationPolicy {
    /// Steps 21-24: runs the format's procedure and judges what it found.
    func judge(
        _ object: AttestationObject,
        of credential: AttestedCredential,
        _ clientDataHash: [UInt8]
    ) throws(WebAuthnError) -> AttestationVerdict {
        // Step 21.
        let known = AttestationFormat(name: object.format)
        guard known != nil || unknownFormats == .treatAsNone else { throw .attestation(.unknownFormat) }
        guard formats.contains(known ?? .none) else { throw .attestationRefused(.format) }
        // Step 22.
        let findings =
            switch known {
            case nil: [AttestationFinding(.none)]
            case .compound: try compoundFindings(object, credential, clientDataHash)
            case .some: [try finding(object.statements[0], object, credential, clientDataHash)]
            }
        // Steps 23-24.
        let trusted = findings.first { isTrusted($0, claimed: credential.aaguid) }
        guard trusted != nil || !requiresTrust else { throw .attestationRefused(.notTrusted) }
        let counting = trusted ?? findings[0]
        guard isAllowed(counting, claimed: credential.aaguid) else { throw .attestationRefused(.model) }
        guard !isCompromised(findings, claimed: credential.aaguid) else {
            throw .attestationRefused(.compromisedModel)
        }
        return AttestationVerdict(
            format: known ?? .none,
            type: counting.type,
            trustPath: counting.trustPath,
            isTrusted: trusted != nil
        )
    }

    /// Section 8.9: what the parts that hold have found; at least one.
    private func compoundFindings(
        _ object: AttestationObject,
        _ credential: AttestedCredential,
        _ clientDataHash: [UInt8]
    ) throws(WebAuthnError) -> [AttestationFinding] {
        var findings: [AttestationFinding] = []
        var firstFault: WebAuthnError?
        for part in object.statements {
            do throws(WebAuthnError) {
                let finding = try finding(part, object, credential, clientDataHash)
                // It vouches for nothing, so it must not make up the number.
                guard finding.type != .none else { throw .attestation(.nothingAttested) }
                findings.append(finding)
            } catch {
                firstFault = firstFault ?? error
            }
        }
        guard findings.count >= needed(of: object.statements.count) else {
            throw firstFault ?? .attestation(.malformedStatement)
        }
        return findings
    }

    private func needed(of parts: Int) -> Int {
        switch compoundRule {
        case .all: parts
        case .atLeast(let count): max(count, 1)
        }
    }

    /// Runs the procedure of one statement's format, which must be known and accepted.
    private func finding(
        _ part: AttestationObject.Part,
        _ object: AttestationObject,
        _ credential: AttestedCredential,
        _ clientDataHash: [UInt8]
    ) throws(WebAuthnError) -> AttestationFinding {
        guard let format = AttestationFormat(name: part.format) else { throw .attestation(.unknownFormat) }
        guard formats.contains(format) else { throw .attestationRefused(.format) }
        let statement = AttestationStatement(
            members: part.members,
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
    private func isTrusted(_ finding: AttestationFinding, claimed model: AAGUID) -> Bool {
        guard let leaf = finding.trustPath.first else { return false }
        let anchors = anchors(of: finding.proven(model), leaf)
        return !anchors.isEmpty
            && CertificatePath.verify(
                leaf: leaf,
                intermediates: Array(finding.trustPath.dropFirst()),
                anchors: anchors,
                at: time
            )
    }

    /// What the metadata know has the roots they give it and no others, be it none at all.
    private func anchors(of model: AAGUID, _ leaf: Certificate) -> [Certificate] {
        if let own = anchors[model] { return own }
        let known = metadata?[model].map { [$0] } ?? metadata?.entries(attestedBy: leaf) ?? []
        return known.isEmpty ? commonAnchors : known.flatMap { $0.statement?.attestationRoots ?? [] }
    }

    /// What is refused is refused for the mere claim, too.
    private func isAllowed(_ finding: AttestationFinding, claimed model: AAGUID) -> Bool {
        let proven = finding.proven(model)
        return !deniedModels.contains(model) && !deniedModels.contains(proven)
            && allowedModels?.contains(proven) != false
    }

    private func isCompromised(_ findings: [AttestationFinding], claimed model: AAGUID) -> Bool {
        guard let metadata else { return false }
        let leaves = findings.compactMap(\.trustPath.first)
        let known = leaves.flatMap { metadata.entries(attestedBy: $0) } + [metadata[model]].compactMap(\.self)
        return known.contains { $0.verdict != .acceptable }
    }
}

extension AttestationFinding {
    /// The model that a policy may rest on: the claimed one, or none where nobody signed the claim.
    fileprivate func proven(_ model: AAGUID) -> AAGUID { isModelSigned ? model : .zero }
}
