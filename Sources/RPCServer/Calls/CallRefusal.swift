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
