internal import Identity
internal import Wire

// Calls that stream: the rights of their caller are looked at again and again.
extension CallRouter {
    /// Runs the handler of a call that streams, and returns the frame that ends it well.
    func serveStream(
        _ call: CallInFlight,
        _ route: Route,
        _ metadata: CallMetadata,
        _ context: CallContext,
        on connection: Connection
    ) async throws -> Frame {
        let takesItems = route.method.kind != .serverStreaming
        guard !takesItems || call.frame.message.isEmpty else { throw CallRefusal.messageBesideStream }
        let stream = try connection.openStream(call, takesItems: takesItems, until: context.deadline)
        do {
            return try await withThrowingTaskGroup(of: Frame?.self) { group in
                defer { group.cancelAll() }
                group.addTask { try await Self.run(route.entry, call.frame, context, stream.flow) }
                group.addTask { try await self.reauthorizing(route.method, metadata, context, on: connection) }
                for try await frame in group { if let frame { return frame } }
                throw CancellationError()
            }
        } catch {
            // Whatever the handler made of its cancellation, this is why.
            throw stream.flow.interruption ?? error
        }
    }

    private static func run(
        _ entry: HandlerTable<CallContext>.Entry,
        _ call: CallFrame,
        _ context: CallContext,
        _ flow: StreamFlow
    ) async throws -> Frame {
        let end = Frame.end(EndFrame(callID: call.callID))
        switch entry {
        case .unary(let handle):
            return .reply(ReplyFrame(callID: call.callID, message: try await handle(call.message, context)))
        case .serverStreaming(let handle):
            try await handle(call.message, context) { try await flow.send($0) }
            return end
        case .clientStreaming(let handle):
            let message = try await handle({ try await flow.next() }, context)
            return .reply(ReplyFrame(callID: call.callID, message: message))
        case .bidirectionalStreaming(let handle):
            try await handle({ try await flow.next() }, context) { try await flow.send($0) }
            return end
        }
    }

    /// Ends the call by its error when the caller has lost the right to make it; else never returns.
    private func reauthorizing(
        _ method: MethodDescriptor,
        _ metadata: CallMetadata,
        _ context: CallContext,
        on connection: Connection
    ) async throws -> Frame? {
        guard method.permission != Permission.public else { return nil }
        while true {
            try await Task.sleep(for: limits.reauthorization)
            var current = context.limited(to: limits.defaultTimeout)
            current.actor = try await CallerAuthenticator(core: core).actor(metadata, connection, current)
            try await authorize(method, current)
        }
    }
}
