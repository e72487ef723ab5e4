internal import Cryptography
internal import Identity
internal import OpenIDConnect
internal import Wire

/// The methods of gatehouse.v1.ProviderService.
struct ProviderHandlers: ProviderServiceHandler {
    let providers: ProviderFlows

    func createProvider(_ request: CreateProviderRequest, context: CallContext) async throws -> CreateProviderResponse {
        let text = request.preset.isEmpty ? ProviderPreset.generic.rawValue : request.preset
        guard let preset = ProviderPreset(rawValue: text) else {
            let names = ProviderPreset.allCases.map(\.rawValue).joined(separator: ", ")
            throw RequestFields.invalid("preset", "is one of \(names)")
        }
        let fields = try SettingsFields(request.settings, mask: request.settingsMask ?? [])
        let changes = ProviderChanges(
            displayName: request.displayName.isEmpty ? nil : request.displayName,
            isEnabled: request.enabled,
            secret: request.clientSecret.count == 0 ? nil : request.clientSecret
        ) { fields.write(to: &$0) }
        let provider = try await providers.create(name: request.name, preset: preset, changes, context)
        return CreateProviderResponse(provider: Provider(provider))
    }

    func getProvider(_ request: GetProviderRequest, context: CallContext) async throws -> GetProviderResponse {
        guard request.providerID.isEmpty else {
            return GetProviderResponse(
                provider: Provider(try await providers.get(Self.id(request.providerID), context))
            )
        }
        return GetProviderResponse(provider: Provider(try await providers.find(name: request.name, context)))
    }

    func listProviders(_ request: ListProvidersRequest, context: CallContext) async throws -> ListProvidersResponse {
        let found = try await providers.list(PageRequest(size: request.pageSize, token: request.pageToken), context)
        return ListProvidersResponse(
            providers: found.items.map(Provider.init),
            nextPageToken: found.nextPageToken ?? ""
        )
    }

    func updateProvider(_ request: UpdateProviderRequest, context: CallContext) async throws -> UpdateProviderResponse {
        let known = SettingsFields.names.map { "settings." + $0 } + ["display_name", "enabled", "client_secret"]
        let mask = try RequestFields.mask(request.updateMask, known: Set(known))
        let ofSettings = mask.filter { $0.hasPrefix("settings.") }.map { String($0.dropFirst("settings.".utf8.count)) }
        let fields = try SettingsFields(request.settings, mask: ofSettings)
        let changes = ProviderChanges(
            displayName: mask.contains("display_name") ? request.displayName : nil,
            isEnabled: mask.contains("enabled") ? request.enabled : nil,
            secret: mask.contains("client_secret") ? request.clientSecret : nil
        ) { fields.write(to: &$0) }
        let provider = try await providers.update(
            Self.id(request.providerID),
            changes,
            expectedRevision: RequestFields.revision(request.expectedRevision),
            context
        )
        return UpdateProviderResponse(provider: Provider(provider))
    }

    func deleteProvider(_ request: DeleteProviderRequest, context: CallContext) async throws -> DeleteProviderResponse {
        try await providers.delete(
            Self.id(request.providerID),
            evenIfUsed: request.evenIfUsed,
            expectedRevision: RequestFields.revision(request.expectedRevision),
            context
        )
        return DeleteProviderResponse()
    }

    func testProvider(_ request: TestProviderRequest, context: CallContext) async throws -> TestProviderResponse {
        let report = try await providers.test(Self.id(request.providerID), context)
        return TestProviderResponse(
            good: report.isGood,
            findings: report.findings.map { ProviderFinding(verdict: $0.verdict.rawValue, sentence: $0.sentence) }
        )
    }

    private static func id(_ text: String) throws(FlowError) -> ExternalProviderID {
        try RequestFields.id(text, "provider_id")
    }
}
