internal import Identity

/// The pages for the steps of a sign-in, the best first.
enum SignInPlace: String, Sendable, CaseIterable {
    case code = "/sign-in/code"
    case app = "/sign-in/app"
    case password = "/sign-in/password"
    case passkey = "/sign-in/passkey"
    case recoveryCode = "/sign-in/recovery-code"

    /// Those that a flow as it stands has a use for.
    static func all(for view: SignInView) -> [SignInPlace] {
        let places = Set(view.steps.compactMap(\.place))
        return allCases.filter(places.contains)
    }

    /// Id of what a link there says.
    var linkID: String {
        switch self {
        case .code: "ways.code"
        case .app: "ways.app"
        case .password: "ways.password"
        case .passkey: "ways.passkey"
        case .recoveryCode: "ways.recovery_code"
        }
    }
}

extension SignInStep {
    /// Where it is done; who somebody is, is asked where all begins.
    fileprivate var place: SignInPlace? {
        switch self {
        case .identify: nil
        case .code: .code
        case .sendCode, .password: .password
        case .totp: .app
        case .passkey: .passkey
        case .recoveryCode: .recoveryCode
        }
    }
}

extension SignInStep {
    /// Whether a code that went to a telephone is waited for.
    var isCodeBySMS: Bool {
        if case .code(let code) = self { code.isBySMS } else { false }
    }
}

extension Visit {
    /// The sign-in under way, if it waits for what is done at `place`; else the browser is sent where it goes on.
    func flow(at place: SignInPlace) async throws -> SignInView {
        let view = try await parts.core.signIn.view(requireFlow(), context())
        let places = SignInPlace.all(for: view)
        guard places.contains(place) else {
            throw places.first.map { PageRefusal.elsewhere($0.rawValue) } ?? .signInOver
        }
        return view
    }

    /// Goes on after a proof was checked; whatever was wrong with it is told in one wording, where it was given.
    func goOn(
        after outcome: SignInOutcome,
        at place: SignInPlace,
        refusedAs refusal: Notice.Kind
    ) async throws -> Answer {
        switch outcome {
        case .signedIn(let signedIn):
            // A sign-in that began with a passkey was not told where it leads.
            try await Welcome.answer(self, signedIn, to: returnTarget(flowOrigin?.target ?? ""))
        case .proceed(let view): redirect(SignInPlace.all(for: view).first?.rawValue ?? "/sign-in")
        case .refused: redirect(place.rawValue, notice: Notice(refusal))
        }
    }
}
