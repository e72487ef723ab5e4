package import MariaDB

extension FlowError {
    /// The one place where a failure of the database becomes an answer.
    package init(_ error: DatabaseError) {
        switch error.code {
        case .unavailable, .tls, .readOnly:
            self.init(unavailable: .unavailable, "the database is not available", error)
        case .overloaded:
            self.init(unavailable: .overloaded, "the server is busy", error)
        case .deadlock, .lockTimeout:
            self.init(unavailable: .overloaded, "the same data is written by many at once", error)
        case .deadlineExceeded:
            self.init(.deadlineExceeded, reason: .deadlineExceeded, message: "the deadline has passed", cause: error)
        case .cancelled:
            self.init(.cancelled, reason: .cancelled, message: "the call was cancelled", cause: error)
        default:
            self.init(.internalFailure, reason: .internalFailure, message: "internal failure", cause: error)
        }
    }

    /// Any failure inside a flow: refusals pass, the rest is mapped.
    package init(any error: any Error) {
        switch error {
        case let refusal as FlowError: self = refusal
        case let failure as DatabaseError: self.init(failure)
        case is CancellationError:
            self.init(.cancelled, reason: .cancelled, message: "the call was cancelled")
        default:
            self.init(.internalFailure, reason: .internalFailure, message: "internal failure", cause: error)
        }
    }

    private init(unavailable reason: ReasonID, _ message: String, _ cause: DatabaseError) {
        self.init(.unavailable(retryAfter: .seconds(1)), reason: reason, message: message, cause: cause)
    }
}
