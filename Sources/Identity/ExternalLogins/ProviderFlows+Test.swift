import MariaDB
import OpenIDConnect

/// What asking a provider brought to light.
package struct ProviderReport: Sendable, Hashable {
    /// One thing that was looked at.
    package struct Finding: Sendable, Hashable {
        package enum Verdict: String, Sendable, Hashable { case good, doubtful, bad }

        package let verdict: Verdict
        /// One sentence for whoever administers the provider.
        package let sentence: String

        init(_ verdict: Verdict, _ sentence: String) { (self.verdict, self.sentence) = (verdict, sentence) }
    }

    package let findings: [Finding]

    /// Whether nothing was found that keeps people from signing in.
    package var isGood: Bool { !findings.contains { $0.verdict == .bad } }
}

extension ProviderFlows {
    /// Asks a provider for its document and keys, as a sign-in would, and says what is wrong in words.
    ///
    /// Whether it knows our client's identity and secret only a sign-in tells.
    package func test(_ id: ExternalProviderID, _ context: CallContext) async throws(FlowError) -> ProviderReport {
        try context.require(.providersWrite)
        guard let row = try await parts.read(context, { try $0.first(ProviderByID(id: id)) }) else { throw .notFound }
        let provider = row.provider
        var findings: [ProviderReport.Finding] = []
        findings.append(
            provider.isEnabled
                ? .init(.good, "The provider is switched on.") : .init(.doubtful, "The provider is switched off.")
        )
        do {
            _ = try ProviderSecrets(keyRing: parts.keyRing).credential(of: row)
            findings.append(.init(.good, "A client secret or key is stored and can be opened."))
        } catch {
            findings.append(.init(.bad, "No client secret or key is stored that can be used."))
        }
        findings += await documents(of: provider)
        findings.append(
            .init(
                .good,
                "Register this address at the provider: \(provider.redirectURI(below: parts.policy.mail.siteURL))"
            )
        )
        return ProviderReport(findings: findings)
    }

    private func documents(of provider: ExternalProvider) async -> [ProviderReport.Finding] {
        let client = ProviderClient(provider.settings, http: parts.http, random: parts.random)
        var findings: [ProviderReport.Finding] = []
        let metadata: ProviderMetadata
        do throws(OpenIDError) {
            metadata = try await client.metadata()
        } catch {
            let place = provider.settings.documentURL.map { "The discovery document at \($0)" } ?? "The endpoints"
            return [.init(.bad, "\(place): \(error.description).")]
        }
        if let url = provider.settings.documentURL {
            findings.append(.init(.good, "The discovery document at \(url) is good."))
        }
        findings += metadata.remarks.map { .init(.doubtful, $0) }
        guard let url = metadata.keysEndpoint else { return findings }
        do throws(OpenIDError) {
            let keys = try await client.keys(metadata)
            findings.append(.init(.good, "The key set at \(url) has \(keys.keys.count) keys that can be used."))
        } catch {
            findings.append(.init(.bad, "The key set at \(url): \(error.description)."))
        }
        return findings
    }
}

extension ExternalProvider {
    /// Where the browser comes back to on the site; from the configuration, never from a request (SECURITY OI-14), and
    /// another one for each provider (OI-04).
    func redirectURI(below siteURL: String) -> String { siteURL + "/sign-in/external/\(name)/callback" }
}
