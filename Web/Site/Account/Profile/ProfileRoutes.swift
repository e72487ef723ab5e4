internal import HTTPTypes
internal import Identity
internal import MariaDB

/// The profile of whoever is signed in.
struct ProfileContent: AccountContent {
    static let template = "account-profile"

    let form: ProfileFormView
    let hasFields: Bool
    /// As of which state of the profile the form was drawn.
    let revision: String

    static func sample(_ texts: Texts) -> Self {
        ProfileContent(form: .sample(), hasFields: true, revision: "1")
    }
}

/// Shows the form that the schema draws, and writes what it holds.
enum ProfileRoutes {
    static func show(_ account: AccountVisit) async throws -> Answer {
        let schema = try await account.core.profileSchema.get(account.context).schema
        let profile = try await account.core.profiles.get(account.session.userID, account.context)
        return page(account, schema, profile, texts: stored(profile), problems: nil)
    }

    /// The values of a profile by the names of the form's fields.
    static func stored(_ profile: Profile) -> [String: String] {
        profile.values.reduce(into: [:]) { all, value in
            let texts = ProfileFormNames.texts(of: value.value, at: ProfileFormNames.name(value.path))
            all.merge(texts) { first, _ in first }
        }
    }

    private static func page(
        _ account: AccountVisit,
        _ schema: ProfileSchema,
        _ profile: Profile,
        texts: [String: String],
        problems: ProfileProblems?
    ) -> Answer {
        let drawing = ProfileFormDrawing(
            schema: schema,
            texts: texts,
            problems: problems?.byField ?? [:],
            words: account.texts
        )
        let view = drawing.view(summary: problems?.summary)
        let content = ProfileContent(
            form: view,
            hasFields: view.groups.contains { !$0.rows.isEmpty },
            revision: "\(profile.revision)"
        )
        return account.page(content, in: .profile, status: problems == nil ? .ok : .unprocessableContent)
    }

    static func save(_ account: AccountVisit) async throws -> Answer {
        let schema = try await account.core.profileSchema.get(account.context).schema
        guard let revision = UInt64(account.form["revision"]) else { throw PageRefusal.badRequest }
        let changes = ProfileFormReading(schema: schema, form: account.form).changes
        guard !changes.values.isEmpty else { return account.visit.redirect(AccountArea.profile.path) }
        do {
            _ = try await account.core.profiles.update(
                account.session.userID,
                changes,
                expectedRevision: revision,
                account.context
            )
            return account.visit.redirect(AccountArea.profile.path, notice: Notice(.profileSaved))
        } catch {
            return try await refused(error, account, schema)
        }
    }

    /// The form again with what was typed, and all that is wrong with it.
    private static func refused(
        _ error: FlowError,
        _ account: AccountVisit,
        _ schema: ProfileSchema
    ) async throws -> Answer {
        let problems = try ProfileProblems(refusal: error, schema, account.form, account.texts)
        let profile = try await account.core.profiles.get(account.session.userID, account.context)
        let typed = account.form.all(beginningWith: ProfileFormNames.prefix)
        let texts = stored(profile).merging(typed) { $1 }
        return page(account, schema, profile, texts: texts, problems: problems)
    }
}
