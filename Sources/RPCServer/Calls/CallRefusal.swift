internal import Identity
internal import Wire

/// What the interface itself refuses, before any flow is asked.
enum CallRefusal: Error {
    case unknownMethod
    case tooMuchMetadata
    case duplicateMetadata
    case badIdempotencyKey
    case tooManyStreams
    case messageBesideStream
}

/// What ends a stream before its handler does.
enum StreamEnd: Error {
    /// The server stops; the client goes on elsewhere from where it was.
    case draining
    /// The client did not read, or sent nothing, for too long.
    case stalled
    case deadlinePassed
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
