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
}
