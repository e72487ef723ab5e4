internal import Cryptography
internal import Identity
internal import MariaDB

/// Signing in with nothing but a passkey, which says by itself whose it is (SECURITY WO-06).
///
/// Its flow has a cookie of its own: a browser begins one for its suggestions while somebody may be at a code in another tab.
enum PasskeyAloneRoutes {
    static let path = "/sign-in/with-passkey"

    /// Options for a passkey of anybody; the flow of the browser's last question is asked again while it lives.
    static func options(_ visit: Visit) async throws -> Answer {
        let core = visit.parts.core
        if let handle = visit.passkeyHandle, let options = try await again(handle, visit) { return .json(options) }
        let started = try await core.signIn.begin(SignInRequest(), visit.context())
        let options = try await core.signIn.beginPasskey(started.handle, visit.context())
        guard let handle = started.handle.validatedUTF8String() else { throw PageRefusal.forbidden }
        return Answer.json(options.json).setting(.passkey, to: handle, for: started.view.expiresAt - core.now())
    }

    private static func again(_ handle: SecretBytes, _ visit: Visit) async throws -> String? {
        do {
            return try await visit.parts.core.signIn.beginPasskey(handle, visit.context()).json
        } catch {
            guard error.reason == .signInFlowEnded || error.reason == .signInStepNotDue else { throw error }
            return nil
        }
    }

    static func submit(_ visit: Visit) async throws -> Answer {
        let target = visit.returnTarget(visit.form["return_to"])
        let refused = visit.redirect(SignInRoutes.path(returningTo: target), notice: Notice(.passkeyFailed))
        guard let handle = visit.passkeyHandle, let outcome = try await visit.submitPasskey(handle) else {
            return refused
        }
        switch outcome {
        case .signedIn(let signedIn):
            return try await Welcome.answer(visit, signedIn, to: target).dropping(.passkey)
        case .proceed(let view):
            guard let handle = visit.cookies[.passkey] else { return refused }
            let path = SignInPlace.all(for: view).first?.rawValue ?? "/sign-in"
            let origin = FlowOrigin(target: target?.text ?? "")
            return visit.handing(handle, of: view, from: origin, with: visit.redirect(path)).dropping(.passkey)
        case .refused: return refused
        }
    }
}
