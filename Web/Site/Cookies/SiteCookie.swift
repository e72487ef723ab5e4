/// The cookies of the site: `__Host-`, Secure, HttpOnly, SameSite=Lax, for the whole site (SECURITY SE-02).
enum SiteCookie: String, Sendable, CaseIterable {
    /// The session token.
    case session = "__Host-gatehouse-session"
    /// A secret of this browser, to which forms are bound that need no session.
    case browser = "__Host-gatehouse-browser"
    /// The handle of a sign-in under way.
    case flow = "__Host-gatehouse-flow"
    /// Where that sign-in came from, sealed; outlives it a little, since nothing else knows it then.
    case origin = "__Host-gatehouse-origin"
    /// The handle of a sign-in with nothing but a passkey.
    case passkey = "__Host-gatehouse-passkey"
    /// That whoever uses this browser wants no passkey for now.
    case passkeyOffer = "__Host-gatehouse-passkey-offer"
    /// What a sign-in is for, beside signing in; a hint where to go on, which gives no right to anything.
    case goal = "__Host-gatehouse-goal"
    /// The language that was chosen.
    case language = "__Host-gatehouse-language"
    /// By which this browser is recognised as one that somebody signed in with before; outlives signing out.
    case device = "__Host-gatehouse-device"
    /// What came of the last action, sealed; shown once.
    case notice = "__Host-gatehouse-notice"
    /// A secret that a page shows to this session for a while, sealed.
    case shown = "__Host-gatehouse-shown"
    /// The secret of the link that led to a page, sealed.
    case link = "__Host-gatehouse-link"

    /// The header that sets it; nil keeps it until the browser closes.
    func setting(_ value: String, for lifetime: Duration? = nil) -> String {
        let age = lifetime.map { "; Max-Age=\(max(0, $0.components.seconds))" } ?? ""
        return "\(rawValue)=\(value); Path=/; Secure; HttpOnly; SameSite=Lax\(age)"
    }

    /// The header that removes it.
    var removal: String { setting("", for: .zero) }
}
