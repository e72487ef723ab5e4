internal import Identity
internal import JSON
internal import Wire

/// The methods of gatehouse.v1.ProfileService.
struct ProfileHandlers: ProfileServiceHandler {
    let profiles: ProfileFlows
    let schema: ProfileSchemaFlows

    func getProfileSchema(
        _ request: GetProfileSchemaRequest,
        context: CallContext
    ) async throws -> GetProfileSchemaResponse {
        GetProfileSchemaResponse(schema: Wire.ProfileSchema(try await schema.get(context)))
    }

    func changeProfileSchema(
        _ request: ChangeProfileSchemaRequest,
        context: CallContext
    ) async throws -> ChangeProfileSchemaResponse {
        let change = ProfileSchemaChange(
            put: try request.put.enumerated().map { try $1.domain("put[\($0)]") },
            addStandard: request.addStandard,
            remove: try request.remove.enumerated().map { try ProfileFields.path($1, "remove[\($0)]") }
        )
        let version = RequestFields.revision(request.expectedVersion)
        if request.dryRun {
            let report = try await schema.dryRun(change, expectedVersion: version, context)
            return ChangeProfileSchemaResponse(report: Wire.ProfileSchemaReport(report))
        }
        let state = try await schema.change(change, expectedVersion: version, context)
        return ChangeProfileSchemaResponse(schema: Wire.ProfileSchema(state))
    }

    func getProfile(_ request: GetProfileRequest, context: CallContext) async throws -> GetProfileResponse {
        let user: UserID = try RequestFields.id(request.userID, "user_id")
        return GetProfileResponse(profile: Wire.Profile(try await profiles.get(user, context)))
    }

    func updateProfile(_ request: UpdateProfileRequest, context: CallContext) async throws -> UpdateProfileResponse {
        let user: UserID = try RequestFields.id(request.userID, "user_id")
        guard !request.values.isEmpty else {
            throw RequestFields.invalid("values", "must name what to write", .fieldRequired)
        }
        let values = try request.values.enumerated().map { index, value in
            let path = try ProfileFields.path(value.path, "values[\(index)].path")
            return (path: path, value: try ProfileFields.value(value.json, "values[\(index)].json"))
        }
        let profile = try await profiles.update(
            user,
            ProfileChanges(values: values),
            expectedRevision: RequestFields.revision(request.expectedRevision),
            context
        )
        return UpdateProfileResponse(profile: Wire.Profile(profile))
    }

    func findUserByAttribute(
        _ request: FindUserByAttributeRequest,
        context: CallContext
    ) async throws -> FindUserByAttributeResponse {
        let path = try ProfileFields.path(request.attribute?.path ?? "", "attribute.path")
        let value = try ProfileFields.value(request.attribute?.json ?? "", "attribute.json") ?? .null
        let user = try await profiles.findUser(by: path, value, context)
        return FindUserByAttributeResponse(user: Wire.User(user))
    }
}

/// Paths and values as requests write them.
private enum ProfileFields {
    static func path(_ text: String, _ field: String) throws(FlowError) -> AttributePath {
        guard let path = AttributePath(text) else {
            throw RequestFields.invalid(
                field,
                "must be codes of ASCII letters, digits and _ that begin with a letter, joined by dots",
                .attributePathInvalid
            )
        }
        return path
    }

    /// Nil for an empty text, which takes a value away.
    static func value(_ json: String, _ field: String) throws(FlowError) -> JSONValue? {
        guard !json.isEmpty else { return nil }
        do {
            return try JSONParser.parse(Array(json.utf8))
        } catch {
            throw RequestFields.invalid(field, "must be a JSON text")
        }
    }
}

extension Wire.Attribute {
    func domain(_ field: String) throws(FlowError) -> ProfileAttribute {
        guard let kind = kind.domain else {
            throw RequestFields.invalid("\(field).kind", "must be given", .fieldRequired)
        }
        var attribute = ProfileAttribute(path: try ProfileFields.path(path, "\(field).path"), kind: kind)
        attribute.displayName = displayName
        attribute.description = description
        attribute.group = group
        attribute.order = order
        attribute.tags = tags
        attribute.claimScopes = claimScopes
        attribute.isMulti = multi
        attribute.isRequired = required
        attribute.isUnique = unique
        attribute.isQueryable = queryable
        attribute.readers = readers.domain
        attribute.writers = writers.domain
        attribute.rules = ProfileAttribute.Rules(
            minimum: rules.flatMap { $0.minimum.isEmpty ? nil : $0.minimum },
            maximum: rules.flatMap { $0.maximum.isEmpty ? nil : $0.maximum },
            minimumLength: rules.flatMap { $0.minimumLength == 0 ? nil : Int($0.minimumLength) },
            maximumLength: rules.flatMap { $0.maximumLength == 0 ? nil : Int($0.maximumLength) },
            pattern: rules.flatMap { $0.pattern.isEmpty ? nil : $0.pattern },
            allowedValues: rules?.allowedValues ?? []
        )
        return attribute
    }

    init(_ attribute: ProfileAttribute, isFilling: Bool) {
        let rules = attribute.rules
        let wireRules = AttributeRules(
            minimum: rules.minimum ?? "",
            maximum: rules.maximum ?? "",
            minimumLength: UInt32(clamping: rules.minimumLength ?? 0),
            maximumLength: UInt32(clamping: rules.maximumLength ?? 0),
            pattern: rules.pattern ?? "",
            allowedValues: rules.allowedValues
        )
        self.init(
            path: attribute.path.description,
            kind: Wire.AttributeKind(attribute.kind),
            displayName: attribute.displayName,
            description: attribute.description,
            group: attribute.group,
            order: attribute.order,
            tags: attribute.tags,
            claimScopes: attribute.claimScopes,
            multi: attribute.isMulti,
            required: attribute.isRequired,
            unique: attribute.isUnique,
            queryable: attribute.isQueryable,
            readers: Wire.AttributeAccess(attribute.readers),
            writers: Wire.AttributeAccess(attribute.writers),
            rules: rules == ProfileAttribute.Rules() ? nil : wireRules,
            filling: isFilling
        )
    }
}

extension Wire.AttributeKind {
    /// Nil for unspecified.
    fileprivate var domain: ProfileAttribute.Kind? { UInt8(exactly: rawValue).flatMap(ProfileAttribute.Kind.init) }

    fileprivate init(_ kind: ProfileAttribute.Kind) { self = Self(rawValue: Int32(kind.rawValue)) ?? .unspecified }
}

extension Wire.AttributeAccess {
    fileprivate var domain: ProfileAttribute.Access {
        UInt8(exactly: rawValue).flatMap(ProfileAttribute.Access.init) ?? .user
    }

    fileprivate init(_ access: ProfileAttribute.Access) {
        self = Self(rawValue: Int32(access.rawValue)) ?? .unspecified
    }
}

extension Wire.ProfileSchema {
    fileprivate init(_ state: ProfileSchemaState) {
        let filling = Set(state.filling)
        self.init(
            version: state.schema.version,
            attributes: state.schema.attributes.map { Wire.Attribute($0, isFilling: filling.contains($0.path)) }
        )
    }
}

extension Wire.ProfileSchemaReport {
    fileprivate init(_ report: Identity.ProfileSchemaReport) {
        self.init(
            profiles: report.profiles,
            invalidUsers: report.invalidUsers,
            invalidByAttribute: report.invalidByAttribute.map {
                AttributeCount(path: $0.path.description, users: $0.users)
            }
        )
    }
}

extension Wire.Profile {
    fileprivate init(_ profile: Identity.Profile) {
        self.init(
            userID: profile.userID.description,
            values: profile.values.map { Wire.AttributeValue(path: $0.path.description, json: $0.value.text) },
            missing: profile.missing.map(\.description),
            schemaVersion: profile.schemaVersion,
            revision: profile.revision,
            updateTime: profile.updatedAt?.wire
        )
    }
}
