internal import Identity
internal import MariaDB

/// Where a flow came from and was to lead, kept in the browser beside its handle: when a flow is over, nothing else knows it.
///
/// What an application demands is part of the address that leads back to it.
struct FlowOrigin: Sendable, Equatable {
    private static let purpose: StaticString = "flow_origin"
    /// For how long it is known after the flow has run out.
    private static let afterlife = Duration.seconds(3600)

    /// Whether somebody who is signed in proves anew who he is.
    let isConfirmation: Bool
    /// Where it leads; empty for nowhere in particular.
    let target: String
    /// The name as it was typed; empty where none was.
    let typed: String

    init(isConfirmation: Bool = false, target: String, typed: String = "") {
        self.isConfirmation = isConfirmation
        self.target = target
        self.typed = typed
    }

    /// Opens what a cookie holds; neither part can hold a line feed.
    fileprivate init?(_ cookie: String?, _ seal: TextSeal) {
        guard let text = seal.open(cookie, for: Self.purpose) else { return nil }
        let parts = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3 else { return nil }
        self.init(isConfirmation: parts[0] == "confirm", target: parts[1], typed: parts[2])
    }

    fileprivate func sealed(_ seal: TextSeal) -> String? {
        seal.seal([isConfirmation ? "confirm" : "sign_in", target, typed].joined(separator: "\n"), for: Self.purpose)
    }

    /// How long the cookie lives that belongs to a flow.
    fileprivate static func lifetime(beside flow: Duration) -> Duration { flow + afterlife }
}

extension Visit {
    private var originSeal: TextSeal { TextSeal(keyRing: parts.core.keyRing) }

    /// Where the flow of this browser came from, also when it is over; nil when nothing is known of it.
    var flowOrigin: FlowOrigin? { FlowOrigin(cookies[.origin], originSeal) }

    /// `answer`, giving the browser the handle of a flow, and where that came from.
    func handing(_ handle: String, of view: SignInView, from origin: FlowOrigin, with answer: Answer) -> Answer {
        let lifetime = view.expiresAt - parts.core.now()
        let begun = answer.setting(.flow, to: handle, for: lifetime)
        guard let sealed = origin.sealed(originSeal) else { return begun }
        return begun.setting(.origin, to: sealed, for: FlowOrigin.lifetime(beside: lifetime))
    }

    /// The page at which a flow like the one before begins, leading where that was to lead.
    var pathToBeginAgain: String {
        let target = returnTarget(flowOrigin?.target ?? "")
        return flowOrigin?.isConfirmation == true
            ? ConfirmRoutes.path(returningTo: target) : SignInRoutes.path(returningTo: target)
    }

    /// Where whoever gives up a flow goes on: back to the account, or to a sign-in that leads where that one was to lead.
    func pathAfterGivingUp(_ view: SignInView?) -> String {
        if view?.isConfirmation ?? flowOrigin?.isConfirmation ?? false { return "/account" }
        let known = view.flatMap { returnTarget($0.returnTarget) }
        return SignInRoutes.path(returningTo: known ?? returnTarget(flowOrigin?.target ?? ""))
    }
}
