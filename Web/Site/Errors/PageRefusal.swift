internal import Identity

/// Why a request gets an error page, or is sent elsewhere.
enum PageRefusal: Error {
    case badRequest
    /// Not from our own form.
    case forbidden
    case notFound
    case methodNotAllowed(allowed: [String])
    case tooLarge
    /// A body that is not a form.
    case notAForm
    /// Not a name of this site.
    case misdirected
    case throttled(Duration)
    case failed(any Error)
    case unavailable(Duration)
    /// Nobody is signed in, or no longer.
    case signInNeeded
    /// The sign-in is over; it begins again.
    case signInOver
    /// Whoever is signed in has to prove anew who he is.
    case proofNeeded
    /// The session does nothing but repair the account.
    case repairNeeded
    /// A sign-in under way goes on at another page.
    case elsewhere(String)

    /// The one place where a refusal of the domain becomes a page.
    init(_ error: FlowError) {
        switch error.code {
        case .unauthenticated: self = .signInNeeded
        case .failedPrecondition where error.reason == .signInFlowEnded || error.reason == .signInStepNotDue:
            self = .signInOver
        case .invalidInput: self = .badRequest
        case .notFound: self = .notFound
        case .stepUpRequired: self = .proofNeeded
        case .permissionDenied where error.reason == .sessionRestricted: self = .repairNeeded
        case .permissionDenied: self = .forbidden
        case .throttled(let wait): self = .throttled(wait)
        case .unavailable(let wait): self = .unavailable(wait ?? .seconds(1))
        case .deadlineExceeded, .cancelled: self = .unavailable(.seconds(1))
        case .alreadyExists, .revisionConflict, .failedPrecondition, .internalFailure: self = .failed(error)
        }
    }

    /// The status of its page.
    var status: Int {
        switch self {
        case .badRequest: 400
        case .forbidden: 403
        case .notFound: 404
        case .methodNotAllowed: 405
        case .tooLarge: 413
        case .notAForm: 415
        case .misdirected: 421
        case .throttled: 429
        case .failed: 500
        case .unavailable: 503
        case .signInNeeded, .signInOver, .proofNeeded, .repairNeeded, .elsewhere: 303
        }
    }
}
