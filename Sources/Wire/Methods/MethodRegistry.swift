/// Takes the methods of services at registration.
package protocol MethodRegistry<Context> {
    /// What the server knows about a call.
    associatedtype Context: Sendable

    /// Takes a method with one answer.
    mutating func register<Request: WireMessage, Response: WireMessage>(
        unary method: MethodDescriptor,
        _ call: @escaping @Sendable (Request, Context) async throws -> Response
    )

    /// Takes a method that sends any number of answers.
    mutating func register<Request: WireMessage, Response: WireMessage>(
        serverStreaming method: MethodDescriptor,
        _ call:
            @escaping @Sendable (Request, Context, @escaping @Sendable (Response) async throws -> Void) async throws ->
            Void
    )

    /// Takes a method that is sent any number of requests.
    mutating func register<Request: WireMessage, Response: WireMessage>(
        clientStreaming method: MethodDescriptor,
        _ call: @escaping @Sendable (RequestStream<Request>, Context) async throws -> Response
    )

    /// Takes a method that is sent any number of requests and sends any number of answers, in any order.
    mutating func register<Request: WireMessage, Response: WireMessage>(
        bidirectionalStreaming method: MethodDescriptor,
        _ call:
            @escaping @Sendable (
                RequestStream<Request>, Context, @escaping @Sendable (Response) async throws -> Void
            ) async throws -> Void
    )
}
