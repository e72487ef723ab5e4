internal import Identity
internal import Wire

/// The methods of gatehouse.v1.ApplicationService.
struct ApplicationHandlers: ApplicationServiceHandler {
    let applications: ApplicationFlows

    func createApplication(
        _ request: CreateApplicationRequest,
        context: CallContext
    ) async throws -> CreateApplicationResponse {
        var fields = ApplicationChanges()
        fields.name = request.name
        fields.redeemer = try Self.redeemer(request.serviceAccountID)
        fields.returnAddresses = request.returnAddresses
        fields.signedOutAddresses = request.signedOutAddresses
        fields.claimScopes = request.claimScopes
        fields.demand = request.demand.domain
        fields.allowsMissingChallenge = request.allowsMissingChallenge
        return CreateApplicationResponse(application: Wire.Application(try await applications.create(fields, context)))
    }

    func getApplication(
        _ request: GetApplicationRequest,
        context: CallContext
    ) async throws -> GetApplicationResponse {
        let application = try await applications.get(Self.id(request.applicationID), context)
        return GetApplicationResponse(application: Wire.Application(application))
    }

    func listApplications(
        _ request: ListApplicationsRequest,
        context: CallContext
    ) async throws -> ListApplicationsResponse {
        let page = PageRequest(size: request.pageSize, token: request.pageToken)
        let found = try await applications.list(page, context)
        return ListApplicationsResponse(
            applications: found.items.map(Wire.Application.init),
            nextPageToken: found.nextPageToken ?? ""
        )
    }

    func updateApplication(
        _ request: UpdateApplicationRequest,
        context: CallContext
    ) async throws -> UpdateApplicationResponse {
        let application = try await applications.update(
            Self.id(request.applicationID),
            Self.changes(request),
            expectedRevision: RequestFields.revision(request.expectedRevision),
            context
        )
        return UpdateApplicationResponse(application: Wire.Application(application))
    }

    func deleteApplication(
        _ request: DeleteApplicationRequest,
        context: CallContext
    ) async throws -> DeleteApplicationResponse {
        let revision = RequestFields.revision(request.expectedRevision)
        try await applications.delete(Self.id(request.applicationID), expectedRevision: revision, context)
        return DeleteApplicationResponse()
    }

    private static func changes(_ request: UpdateApplicationRequest) throws(FlowError) -> ApplicationChanges {
        let known: Set = [
            "name", "service_account_id", "return_addresses", "signed_out_addresses", "claim_scopes", "demand",
            "allows_missing_challenge", "disabled",
        ]
        let mask = try RequestFields.mask(request.updateMask, known: known)
        var changes = ApplicationChanges()
        if mask.contains("name") { changes.name = request.name }
        if mask.contains("service_account_id") { changes.redeemer = try redeemer(request.serviceAccountID) }
        if mask.contains("return_addresses") { changes.returnAddresses = request.returnAddresses }
        if mask.contains("signed_out_addresses") { changes.signedOutAddresses = request.signedOutAddresses }
        if mask.contains("claim_scopes") { changes.claimScopes = request.claimScopes }
        if mask.contains("demand") { changes.demand = request.demand.domain }
        if mask.contains("allows_missing_challenge") { changes.allowsMissingChallenge = request.allowsMissingChallenge }
        if mask.contains("disabled") { changes.isDisabled = request.disabled }
        return changes
    }

    private static func redeemer(_ text: String) throws(FlowError) -> ApplicationChanges.Redeemer {
        let id: ServiceAccountID? = try RequestFields.optionalID(text, "service_account_id")
        return id.map { .account($0) } ?? .nobody
    }

    private static func id(_ text: String) throws(FlowError) -> ApplicationID {
        try RequestFields.id(text, "application_id")
    }
}

extension Wire.Application {
    init(_ application: Identity.Application) {
        self.init(
            id: application.id.description,
            name: application.name,
            serviceAccountID: application.serviceAccountID?.description ?? "",
            returnAddresses: application.returnAddresses,
            signedOutAddresses: application.signedOutAddresses,
            claimScopes: application.claimScopes,
            demand: Wire.AssuranceDemand(application.demand),
            allowsMissingChallenge: application.allowsMissingChallenge,
            disabled: application.isDisabled,
            revision: application.revision,
            createTime: application.createdAt.wire,
            updateTime: application.updatedAt.wire
        )
    }
}
