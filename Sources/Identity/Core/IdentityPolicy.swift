/// The numbers of the domain's rules that a deployment may choose; the executable fills it from its configuration.
package struct IdentityPolicy: Sendable {
    /// Who becomes a user by proving an address nobody has.
    package var selfRegistration: SelfRegistration = .open
    package var code = CodePolicy()
    package var sms = SMSPolicy()
    package var throttling = ThrottlePolicy()
    package var sessions = SessionPolicy()
    package var devices = DevicePolicy()
    package var totp = TOTPPolicy()
    package var passkeys = PasskeyPolicy()
    package var passwords = PasswordRules()
    package var recoveryCodes = RecoveryCodePolicy()
    package var mail = MailIdentity()
    package var delivery = DeliveryPolicy()
    /// How long a sign-in may take from its first step to its last.
    package var flowLifetime: Duration = .seconds(900)
    /// How old the last proof of identity may be for a sensitive action (PRODUCT section 6).
    package var proofFreshness: Duration = .seconds(600)
    /// What the session of a person must have been opened with to give or take roles and groups (SECURITY ADM-07).
    package var administrationDemand: AssuranceDemand = .passkey
    /// How long a deletion can be undone.
    package var deletionWindow: Duration = .seconds(604_800)
    /// How long a change of addresses can be taken back by an address from before.
    package var identifierUndoWindow: Duration = .seconds(259_200)
    /// How long the link of an invitation is good, if whoever invites does not say.
    package var invitationLifetime: Duration = .seconds(604_800)
    /// How long the answer of a mutating call is kept for replays.
    package var idempotencyLifetime: Duration = .seconds(86_400)
    /// How long rows of expired sessions, codes and flows, and of finished messages, stay before they are purged.
    package var retention: Duration = .seconds(3600)
    /// How long a throttle that nobody touches is kept.
    package var throttleRetention: Duration = .seconds(86_400)
    /// How long failures in a row of an account are kept, so that a patient guesser does not begin anew.
    package var failureRetention: Duration = .seconds(31_536_000)

    package init() {}
}

/// How long sessions live (SECURITY SE-05) and how many a user may have (SE-10).
package struct SessionPolicy: Sendable {
    /// The two ends of a session.
    package struct Limits: Sendable, Hashable {
        /// An unused session ends after this.
        package var idle: Duration
        /// Any session ends after this.
        package var absolute: Duration

        package init(idle: Duration, absolute: Duration) {
            self.idle = idle
            self.absolute = absolute
        }
    }

    package var aal1 = Limits(idle: .seconds(604_800), absolute: .seconds(2_592_000))
    package var aal2 = Limits(idle: .seconds(3600), absolute: .seconds(86_400))
    /// One more ends the oldest.
    package var maximumPerUser: UInt32 = 100
    /// Sessions of one application that come of one session of a user.
    package var maximumPerApplication: UInt32 = 10
    /// A use is noted when the one before is older than this.
    package var lastUseAccuracy: Duration = .seconds(60)

    package init() {}

    /// The limits at one level.
    package func limits(_ level: AssuranceLevel) -> Limits {
        switch level {
        case .aal1: aal1
        case .aal2: aal2
        }
    }
}

/// Who our messages say they are from.
package struct MailIdentity: Sendable {
    package var fromAddress = "no-reply@localhost"
    package var fromName = "Gatehouse"
    package var siteName = "Gatehouse"
    /// Where the site is, without a slash at the end; links and mail never take it from a request (SECURITY OTP-11).
    package var siteURL = "http://localhost:8080"

    package init() {}
}
