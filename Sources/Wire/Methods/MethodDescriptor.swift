/// What a method is and what it demands of its caller.
package struct MethodDescriptor: Sendable, Hashable {
    /// Whether a user's session may call it.
    package enum UserAccess: Sendable {
        /// Service accounts only.
        case none
        /// A user may call it about himself.
        case own
    }

    /// How fresh the proof of identity of a user's session must be.
    package enum StepUp: Sendable {
        case none
        /// Not older than 10 minutes, of the strongest kind enrolled.
        case fresh
    }

    /// Which sides send more than one message.
    package enum Kind: Sendable {
        case unary, serverStreaming, clientStreaming, bidirectionalStreaming
    }

    /// Service and method, such as `gatehouse.v1.UserService/GetUser`.
    package let fullName: String
    /// The service with its package, such as `gatehouse.v1.UserService`.
    package let service: String
    /// The method alone, such as `GetUser`.
    package let name: String
    /// The scope a service account needs; `public` when no caller is needed.
    package let permission: String
    /// Whether a user's session may call it.
    package let userAccess: UserAccess
    /// What is asked of a user's session.
    package let stepUp: StepUp
    /// The largest request, in bytes.
    package let maximumRequestBytes: Int
    /// Which sides send more than one message.
    package let kind: Kind
    /// True when it changes nothing and may be repeated by a client that lost the answer.
    package let isReadOnly: Bool
    /// Full name of the request message.
    package let requestType: String
    /// Full name of the response message.
    package let responseType: String

    init(
        service: String,
        name: String,
        permission: String,
        userAccess: UserAccess,
        stepUp: StepUp,
        maximumRequestBytes: Int,
        kind: Kind,
        isReadOnly: Bool,
        requestType: String,
        responseType: String
    ) {
        self.fullName = "\(service)/\(name)"
        self.service = service
        self.name = name
        self.permission = permission
        self.userAccess = userAccess
        self.stepUp = stepUp
        self.maximumRequestBytes = maximumRequestBytes
        self.kind = kind
        self.isReadOnly = isReadOnly
        self.requestType = requestType
        self.responseType = responseType
    }
}
