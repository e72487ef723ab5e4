internal import Identity
internal import Wire

/// What the interface itself refuses, before any flow is asked.
enum CallRefusal: Error {
    case unknownMethod
    case tooMuchMetadata
    case duplicateMetadata
    case badIdempotencyKey
}

extension Status {
    /// The connection takes no more calls.
    static let draining = Status(code: StatusCode.unavailable, message: "the server is stopping; connect again")
    /// The client has too many calls in flight.
    static let tooManyCalls = Status(
        code: StatusCode.resourceExhausted,
        message: "too many calls in flight on this connection"
    )
}

/// The sixteen codes of gRPC that the interface uses.
enum StatusCode {
    static let cancelled: UInt32 = 1
    static let invalidArgument: UInt32 = 3
    static let deadlineExceeded: UInt32 = 4
    static let notFound: UInt32 = 5
    static let alreadyExists: UInt32 = 6
    static let permissionDenied: UInt32 = 7
    static let resourceExhausted: UInt32 = 8
    static let failedPrecondition: UInt32 = 9
    static let aborted: UInt32 = 10
    static let unimplemented: UInt32 = 12
    static let internalFailure: UInt32 = 13
    static let unavailable: UInt32 = 14
    static let unauthenticated: UInt32 = 16
}
