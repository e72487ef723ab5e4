internal import Identity
internal import Wire

/// The methods of gatehouse.v1.ServiceAccountService.
struct ServiceAccountHandlers: ServiceAccountServiceHandler {
    let serviceAccounts: ServiceAccountFlows

    func createServiceAccount(
        _ request: CreateServiceAccountRequest,
        context: CallContext
    ) async throws -> CreateServiceAccountResponse {
        let account = try await serviceAccounts.create(
            name: request.name,
            description: request.description,
            scopes: request.scopes,
            certificateNames: request.certificateNames,
            context
        )
        return CreateServiceAccountResponse(serviceAccount: Wire.ServiceAccount(account))
    }

    func getServiceAccount(
        _ request: GetServiceAccountRequest,
        context: CallContext
    ) async throws -> GetServiceAccountResponse {
        let account = try await serviceAccounts.get(Self.id(request.serviceAccountID), context)
        return GetServiceAccountResponse(serviceAccount: Wire.ServiceAccount(account))
    }

    func listServiceAccounts(
        _ request: ListServiceAccountsRequest,
        context: CallContext
    ) async throws -> ListServiceAccountsResponse {
        let page = PageRequest(size: request.pageSize, token: request.pageToken)
        let found = try await serviceAccounts.list(page, context)
        return ListServiceAccountsResponse(
            serviceAccounts: found.items.map(Wire.ServiceAccount.init),
            nextPageToken: found.nextPageToken ?? ""
        )
    }

    func updateServiceAccount(
        _ request: UpdateServiceAccountRequest,
        context: CallContext
    ) async throws -> UpdateServiceAccountResponse {
        let known: Set = ["name", "description", "scopes", "disabled", "certificate_names"]
        let mask = try RequestFields.mask(request.updateMask, known: known)
        let changes = ServiceAccountChanges(
            name: mask.contains("name") ? request.name : nil,
            description: mask.contains("description") ? request.description : nil,
            scopes: mask.contains("scopes") ? request.scopes : nil,
            isDisabled: mask.contains("disabled") ? request.disabled : nil,
            certificateNames: mask.contains("certificate_names") ? request.certificateNames : nil
        )
        let account = try await serviceAccounts.update(
            Self.id(request.serviceAccountID),
            changes,
            expectedRevision: RequestFields.revision(request.expectedRevision),
            context
        )
        return UpdateServiceAccountResponse(serviceAccount: Wire.ServiceAccount(account))
    }

    func deleteServiceAccount(
        _ request: DeleteServiceAccountRequest,
        context: CallContext
    ) async throws -> DeleteServiceAccountResponse {
        let revision = RequestFields.revision(request.expectedRevision)
        try await serviceAccounts.delete(Self.id(request.serviceAccountID), expectedRevision: revision, context)
        return DeleteServiceAccountResponse()
    }

    func createServiceToken(
        _ request: CreateServiceTokenRequest,
        context: CallContext
    ) async throws -> CreateServiceTokenResponse {
        let issued = try await serviceAccounts.createToken(
            Self.id(request.serviceAccountID),
            lifetimeDays: request.lifetimeDays,
            context
        )
        return CreateServiceTokenResponse(token: Wire.ServiceToken(issued.token), secret: issued.secret)
    }

    func revokeServiceToken(
        _ request: RevokeServiceTokenRequest,
        context: CallContext
    ) async throws -> RevokeServiceTokenResponse {
        let token: ServiceTokenID = try RequestFields.id(request.tokenID, "token_id")
        try await serviceAccounts.revokeToken(Self.id(request.serviceAccountID), token, context)
        return RevokeServiceTokenResponse()
    }

    private static func id(_ text: String) throws(FlowError) -> ServiceAccountID {
        try RequestFields.id(text, "service_account_id")
    }
}
