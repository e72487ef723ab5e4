internal import Cryptography
internal import Identity
internal import MariaDB

/// The end of a sign-in or confirmation.
enum Welcome {
    /// Hands out the session; another one that this browser had before ends, and its cookies with it.
    ///
    /// The token before a confirmation is void already.
    static func answer(_ visit: Visit, _ signedIn: SignedIn) async throws -> Answer {
        let core = visit.parts.core
        if let old = visit.sessionToken { try await core.sessions.signOut(token: old, visit.context()) }
        guard !signedIn.session.isRestricted else {
            // What repairs an account has no pages yet; a code by e-mail opens a whole session.
            try await core.sessions.signOut(token: signedIn.token, visit.context())
            return visit.redirect("/sign-in", notice: Notice(.codeNeeded)).dropping(.session).dropping(.flow)
        }
        guard let token = signedIn.token.validatedUTF8String() else { throw PageRefusal.forbidden }
        let target = visit.returnTarget(signedIn.returnTarget)?.text ?? "/account"
        let answer = visit.redirect(target, notice: signedIn.isConfirmation ? Notice(.confirmed) : nil)
            .setting(.session, to: token, for: signedIn.session.expiresAt - core.now())
            .dropping(.flow)
            .dropping(.browser)
        let known = signedIn.deviceToken.flatMap { visit.devices.adding($0).validatedUTF8String() }
        // Set again also when it stays the same, since the device is recognised for longer now.
        return (known ?? visit.cookies[.device]).map { answer.setting(.device, to: $0, for: core.deviceLifetime) }
            ?? answer
    }
}
