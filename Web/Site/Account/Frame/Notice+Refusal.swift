internal import Identity

extension Notice.Kind {
    /// What a person is told of a refusal that he can do something about; nil for others, which get a page of their own.
    init?(_ error: FlowError) {
        switch error.code {
        case .throttled: self = .tooManyTries
        case .stepUpRequired, .unauthenticated, .internalFailure, .unavailable, .deadlineExceeded, .cancelled:
            return nil
        default:
            guard let kind = Self.byReason[error.reason] else { return nil }
            self = kind
        }
    }

    private static let byReason: [ReasonID: Notice.Kind] = [
        .notFound: .gone,
        .revisionConflict: .changedMeanwhile,
        .lastWayIn: .lastWayIn,
        .demandedFactorMissing: .demandedFactor,
        .tooManyAuthenticators: .tooManyAuthenticators,
        .provedAddressNeeded: .provedAddressNeeded,
        .passkeyTaken: .passkeyTaken,
        .enrolmentRefused: .passkeyRefused,
        .secondFactorNeeded: .secondFactorNeeded,
        .identifierTaken: .addressTaken,
        .tooManyIdentifiers: .tooManyAddresses,
        .identifierUnverified: .addressUnproved,
        .emailInvalid: .newAddressInvalid,
        .phoneInvalid: .newPhoneInvalid,
        .phoneUndeliverable: .phoneUnserved,
        .fieldRequired: .nameMissing,
        .fieldTooLong: .nameTooLong,
        .fieldInvalid: .nameInvalid,
        .usernameInvalid: .usernameInvalid,
    ]
}
