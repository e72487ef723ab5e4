/// Choosing the language of the site: what a person chose goes before what the browser asks for.
enum LanguageRoutes {
    private static let lifetime = Duration.seconds(365 * 86_400)

    static func choose(_ visit: Visit) async throws -> Answer {
        let language = visit.form["language"]
        guard visit.parts.catalogue.texts(of: language) != nil else { throw PageRefusal.badRequest }
        let target = ReturnTarget(visit.form["return_to"])?.text ?? "/"
        return visit.redirect(target).setting(.language, to: language, for: lifetime)
    }
}
