internal import Cryptography
internal import Identity

/// A recovery code as the further step; what comes of it repairs the account and does nothing else (SECURITY RC-05).
enum RecoveryCodeStepRoutes {
    private static let place = SignInPlace.recoveryCode

    static func show(_ visit: Visit) async throws -> Answer {
        let view = try await visit.flow(at: place)
        let texts = visit.texts
        let page = RecoveryCodePage(
            layout: visit.layout(
                title: texts["recovery_code.title"],
                width: .narrow,
                isProblem: visit.notice?.kind.isProblem ?? false,
                scripts: [.passkeys]
            ),
            text: texts,
            formToken: visit.browserToken,
            notice: visit.noticeView,
            fieldProblem: visit.fieldProblem,
            ways: SignInWays(view, beside: place, title: texts["ways.title"], hint: nil, sendLabel: nil, texts)
        )
        return visit.render(page)
    }

    static func submit(_ visit: Visit) async throws -> Answer {
        let handle = try visit.requireFlow()
        let typed = visit.form["code"]
        guard typed.utf8.contains(where: { $0 != 0x20 }) else {
            return visit.redirect(place.rawValue, notice: Notice(.recoveryCodeMissing))
        }
        do {
            let code = SecretBytes(utf8: typed)
            let outcome = try await visit.parts.core.signIn.submitRecoveryCode(handle, code: code, visit.context())
            return try await visit.goOn(after: outcome, at: place, refusedAs: .recoveryCodeRefused)
        } catch let error as FlowError {
            guard case .throttled = error.code else { throw error }
            return visit.redirect(place.rawValue, notice: Notice(.passwordBusy))
        }
    }
}
