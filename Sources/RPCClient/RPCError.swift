package import Wire

/// A call that did not succeed.
public struct RPCError: Error, Sendable, CustomStringConvertible {
    /// gRPC's status codes.
    public enum Code: UInt32, Sendable, CaseIterable {
        case cancelled = 1
        case unknown = 2
        case invalidArgument = 3
        case deadlineExceeded = 4
        case notFound = 5
        case alreadyExists = 6
        case permissionDenied = 7
        case resourceExhausted = 8
        case failedPrecondition = 9
        case aborted = 10
        case outOfRange = 11
        case unimplemented = 12
        case internalFailure = 13
        case unavailable = 14
        case dataLoss = 15
        case unauthenticated = 16
    }

    /// What kind of refusal it is.
    public let code: Code
    /// The server's sentence for developers.
    public let message: String
    /// The id under which the server logged the call; empty when it never got there.
    public let requestID: String
    /// Typed details, still encoded.
    package let details: [Detail]
    /// Whether the call may have had its effect although no answer came.
    public let isOutcomeUnknown: Bool

    /// The message, and what is wrong with each field.
    public var description: String {
        let fields = fieldViolations.map { "\n  \($0.field): \($0.description)" }.joined()
        return message + fields
    }

    /// Every field that was refused.
    public var fieldViolations: [(field: String, description: String)] {
        decoded(FieldViolation.self).map { ($0.field, $0.description) }
    }

    /// The stable id of the cause: `users.identifier_taken`.
    public var reason: String? { decoded(Reason.self).first?.id }

    /// When it is worth trying again.
    public var retryAfter: Duration? { decoded(RetryAfter.self).first?.delay }

    /// The revision a resource has, when another one was expected.
    public var currentRevision: UInt64? { decoded(RevisionConflict.self).first?.currentRevision }

    /// The details of one type; what does not decode is left out.
    package func decoded<Message: WireMessage>(_ type: Message.Type) -> [Message] {
        details.filter { $0.type == Message.fullName }.compactMap { try? Message.decode($0.value, limits: .reply) }
    }
}

extension RPCError {
    init(_ status: Status) {
        code = Code(rawValue: status.code) ?? .unknown
        message = status.message
        requestID = status.requestID
        details = status.details
        isOutcomeUnknown = false
    }

    init(_ code: Code, _ message: String, isOutcomeUnknown: Bool = false) {
        self.code = code
        self.message = message
        requestID = ""
        details = []
        self.isOutcomeUnknown = isOutcomeUnknown
    }

    static let cancelledHere = RPCError(.cancelled, "the call was cancelled", isOutcomeUnknown: true)
    static let connectionLost = RPCError(.unavailable, "the connection was lost", isOutcomeUnknown: true)
    static let streamOver = RPCError(.cancelled, "the server has ended the call")
    static let brokenStream = RPCError(
        .internalFailure,
        "the server broke the rules of streams",
        isOutcomeUnknown: true
    )
    static let goingAway = RPCError(.unavailable, "the server takes no more calls on this connection")
}
