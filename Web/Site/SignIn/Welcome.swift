internal import Cryptography
internal import Identity
internal import MariaDB

/// The end of a sign-in or confirmation.
enum Welcome {
    /// The goal of whoever forgot a password.
    static let newPassword = "password"

    /// Hands out the session; another one that this browser had before ends, and its cookies with it.
    ///
    /// The token before a confirmation is void already.
    /// `target` leads on, if the flow itself does not.
    static func answer(
        _ visit: Visit,
        _ signedIn: SignedIn,
        to target: ReturnTarget? = nil
    ) async throws -> Answer {
        let core = visit.parts.core
        if let old = visit.sessionToken {
            try await core.sessions.signOut(token: old, successor: signedIn.session, visit.context())
        }
        guard let token = signedIn.token.validatedUTF8String() else { throw PageRefusal.forbidden }
        let target = visit.returnTarget(signedIn.returnTarget) ?? target
        let path = try await next(visit, signedIn, target?.text ?? "/account")
        let answer = visit.redirect(path, notice: signedIn.isConfirmation ? Notice(.confirmed) : nil)
            .setting(.session, to: token, for: signedIn.session.expiresAt - core.now())
            .dropping(.flow)
            .dropping(.origin)
            .dropping(.browser)
            .dropping(.goal)
        let known = signedIn.deviceToken.flatMap { visit.devices.adding($0).validatedUTF8String() }
        // Set again also when it stays the same, since the device is recognised for longer now.
        return (known ?? visit.cookies[.device]).map { answer.setting(.device, to: $0, for: core.deviceLifetime) }
            ?? answer
    }

    /// What comes between a sign-in and where it leads.
    private static func next(_ visit: Visit, _ signedIn: SignedIn, _ target: String) async throws -> String {
        if signedIn.session.isRestricted { return RepairRoutes.path }
        guard !signedIn.isConfirmation else { return target }
        var path = target
        let offersPasskey = try await AddPasskeyRoutes.isDue(visit, after: signedIn)
        if try await CompleteProfileRoutes.isDue(visit, signedIn.session) {
            path = CompleteProfileRoutes.path(returningTo: target, offersPasskey: offersPasskey)
        } else if offersPasskey {
            path = AddPasskeyRoutes.path(returningTo: target)
        }
        return try await isPasswordDue(visit, signedIn.session) ? PasswordSettingRoutes.path(returningTo: path) : path
    }

    /// Whether another password is to be set: because it was forgotten, or made useless by whoever runs the site.
    ///
    /// Whoever signs in with a passkey alone can do without.
    private static func isPasswordDue(_ visit: Visit, _ session: Session) async throws -> Bool {
        let core = visit.parts.core
        guard core.policy.passwords.isEnabled else { return false }
        guard visit.cookies[.goal] != newPassword else { return true }
        guard session.provedKind != .multiple else { return false }
        let status = try await core.passwords.status(of: session.userID, visit.context(.user(session, via: nil)))
        return status?.resetDemandedAt != nil
    }
}
