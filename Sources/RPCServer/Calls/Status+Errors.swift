internal import Identity
internal import Wire

/// The one place where errors become statuses. What is not expected becomes INTERNAL with the request id, no more.
extension Status {
    init(_ error: any Error, requestID: String) {
        switch error {
        case let error as FlowError: self.init(error)
        case let error as WireError: self.init(error)
        case let error as CallRefusal: self.init(error)
        case let error as StreamEnd: self.init(error)
        case is CancellationError: self.init(code: StatusCode.cancelled, message: "the call was cancelled")
        default: self.init(code: StatusCode.internalFailure, message: "an internal failure; the log has the details")
        }
        self.requestID = requestID
    }

    private init(_ error: FlowError) {
        let message = error.code == .internalFailure ? "an internal failure; the log has the details" : error.message
        self.init(code: error.code.statusCode, message: message)
        details = error.code.details + [Detail(Reason(id: error.reason.rawValue))]
    }

    private init(_ error: WireError) {
        self.init(code: StatusCode.invalidArgument, message: "the request \(error)")
        guard let path = error.fieldPath else { return }
        let reason = error.code == .tooLong || error.code == .tooMany ? ReasonID.fieldTooLong : .fieldInvalid
        let violation = FieldViolation(field: path, description: error.description, reason: reason.rawValue)
        details = [Detail(violation), Detail(Reason(id: reason.rawValue))]
    }

    private init(_ refusal: CallRefusal) {
        switch refusal {
        case .unknownMethod: self.init(code: StatusCode.unimplemented, message: "there is no such method")
        case .tooMuchMetadata: self.init(code: StatusCode.invalidArgument, message: "too many metadata entries")
        case .duplicateMetadata: self.init(code: StatusCode.invalidArgument, message: "a metadata key is given twice")
        case .badIdempotencyKey:
            self.init(
                code: StatusCode.invalidArgument,
                message: "idempotency-key must be 1 to 100 visible ASCII characters"
            )
            details = [Detail(Reason(id: ReasonID.idempotencyKeyInvalid.rawValue))]
        case .tooManyStreams:
            self.init(code: StatusCode.resourceExhausted, message: "too many streams on this connection")
        case .messageBesideStream:
            self.init(code: StatusCode.invalidArgument, message: "the call takes its messages as items only")
        }
    }

    private init(_ end: StreamEnd) {
        switch end {
        case .draining: self = .draining
        case .stalled:
            self.init(code: StatusCode.deadlineExceeded, message: "the stream was not read, or not sent, for too long")
        case .deadlinePassed:
            self.init(code: StatusCode.deadlineExceeded, message: "the time-out of the stream has passed")
        }
    }
}

extension FlowError.Code {
    fileprivate var statusCode: UInt32 {
        switch self {
        case .invalidInput: StatusCode.invalidArgument
        case .notFound: StatusCode.notFound
        case .alreadyExists: StatusCode.alreadyExists
        case .revisionConflict: StatusCode.aborted
        case .failedPrecondition, .stepUpRequired: StatusCode.failedPrecondition
        case .unauthenticated: StatusCode.unauthenticated
        case .permissionDenied: StatusCode.permissionDenied
        case .throttled: StatusCode.resourceExhausted
        case .unavailable: StatusCode.unavailable
        case .deadlineExceeded: StatusCode.deadlineExceeded
        case .cancelled: StatusCode.cancelled
        case .internalFailure: StatusCode.internalFailure
        }
    }

    fileprivate var details: [Detail] {
        switch self {
        case .invalidInput(let problems):
            problems.map { problem in
                Detail(
                    FieldViolation(
                        field: problem.field,
                        description: problem.description,
                        reason: problem.reason.rawValue
                    )
                )
            }
        case .revisionConflict(let current): [Detail(RevisionConflict(currentRevision: current))]
        case .throttled(let delay): [Detail(RetryAfter(delay: delay))]
        case .unavailable(.some(let delay)): [Detail(RetryAfter(delay: delay))]
        case .stepUpRequired(let level, let reason):
            [Detail(StepUpRequired(assuranceLevel: level == .aal1 ? "aal1" : "aal2", reason: reason.rawValue))]
        default: []
        }
    }
}
