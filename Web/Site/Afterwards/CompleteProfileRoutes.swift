internal import HTTPTypes
internal import Identity
internal import JSON
internal import MariaDB

/// "Complete your profile": what the schema demands of a person is asked for before a sign-in leads on.
///
/// So after registering, after an invitation or an import, and when the schema has come to demand more. There is no way to
/// leave it out but signing out.
enum CompleteProfileRoutes {
    static let path = "/sign-in/profile"

    /// Whether the person of a session has to fill something in that is his to write.
    static func isDue(_ visit: Visit, _ session: Session) async throws -> Bool {
        try await LackingProfile(visit, session) != nil
    }

    static func path(returningTo target: String, offersPasskey: Bool = false) -> String {
        path + "?return_to=" + PercentDecoding.encode(target) + (offersPasskey ? "&passkey=yes" : "")
    }

    static func show(_ visit: Visit) async throws -> Answer {
        guard let lacking = try await LackingProfile(visit, visit.requireSession()) else {
            return leadOn(visit, visit.query)
        }
        return page(visit, lacking, visit.query, texts: [:], problems: nil)
    }

    private static func page(
        _ visit: Visit,
        _ lacking: LackingProfile,
        _ fields: FormFields,
        texts: [String: String],
        problems: ProfileProblems?
    ) -> Answer {
        let drawing = ProfileFormDrawing(
            schema: lacking.schema,
            texts: texts,
            problems: problems?.byField ?? [:],
            words: visit.texts,
            isDrawn: lacking.isAskedFor
        )
        let page = CompleteProfilePage(
            layout: visit.layout(
                title: visit.texts["complete.title"],
                width: .narrow,
                signOut: true,
                isProblem: problems != nil
            ),
            text: visit.texts,
            formToken: visit.sessionFormToken,
            notice: visit.noticeView,
            form: drawing.view(summary: problems?.summary),
            revision: "\(lacking.profile.revision)",
            returnTarget: visit.returnTarget(fields["return_to"])?.text ?? "/account",
            offersPasskey: fields["passkey"] == "yes" ? "yes" : ""
        )
        return visit.render(page, status: problems == nil ? .ok : .unprocessableContent)
    }

    private static func leadOn(_ visit: Visit, _ fields: FormFields) -> Answer {
        let target = visit.returnTarget(fields["return_to"])?.text ?? "/account"
        let offersPasskey = fields["passkey"] == "yes"
        return visit.redirect(offersPasskey ? AddPasskeyRoutes.path(returningTo: target) : target)
    }

    /// Writes what was asked for, and nothing else that the form may name.
    static func save(_ visit: Visit) async throws -> Answer {
        let session = try await visit.requireSession()
        guard let revision = UInt64(visit.form["revision"]) else { throw PageRefusal.badRequest }
        guard let lacking = try await LackingProfile(visit, session) else { return leadOn(visit, visit.form) }
        do {
            _ = try await visit.parts.core.profiles.update(
                session.userID,
                lacking.changes(by: visit.form),
                expectedRevision: revision,
                visit.context(.user(session, via: nil))
            )
            return leadOn(visit, visit.form)
        } catch {
            let problems = try ProfileProblems(refusal: error, lacking.schema, visit.form, visit.texts)
            let typed = visit.form.all(beginningWith: ProfileFormNames.prefix)
            return page(visit, lacking, visit.form, texts: typed, problems: problems)
        }
    }
}

/// The profile of whoever is signed in, and what it lacks of what is demanded.
struct LackingProfile: Sendable {
    let schema: ProfileSchema
    let profile: Profile

    /// Nil when nothing is missing, as with most people: the schema is not even looked at then.
    init?(_ visit: Visit, _ session: Session) async throws {
        let (core, context) = (visit.parts.core, visit.context(.user(session, via: nil)))
        profile = try await core.profiles.get(session.userID, context)
        guard !profile.missing.isEmpty else { return nil }
        schema = try await core.profileSchema.get(context).schema
        guard schema.attributes.contains(where: isAskedFor) else { return nil }
    }

    /// An outermost attribute without a value that the person may write; what only administrators write is not his to give.
    @Sendable func isAskedFor(_ attribute: ProfileAttribute) -> Bool {
        attribute.writers == .user && profile.missing.contains(attribute.path)
    }

    /// What the form says about the attributes that are asked for; what it leaves out is empty, and told as missing.
    func changes(by form: FormFields) -> ProfileChanges {
        let read = ProfileFormReading(schema: schema, form: form).changes.values
        let asked = schema.attributes.filter(isAskedFor)
        return ProfileChanges(
            values: asked.map { attribute in
                (path: attribute.path, value: read.first { $0.path == attribute.path }?.value ?? .null)
            }
        )
    }
}
