internal import NIOCore
internal import NIOSSL
internal import NIOTLS
internal import Wire

/// Cuts what the server sends into frames, on the connection's event loop.
final class ClientFrameHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// Answers may be longer than requests: those of 16 MiB, and the envelope.
    private static let maximumFrameBytes = 17 * 1024 * 1024

    let connection: ClientConnection
    /// Succeeds when calls can be made.
    let ready: EventLoopPromise<Void>
    private let awaitsHandshake: Bool
    private var decoder = FrameDecoder(maximumFrameBytes: ClientFrameHandler.maximumFrameBytes)

    init(connection: ClientConnection, ready: EventLoopPromise<Void>, awaitsHandshake: Bool) {
        self.connection = connection
        self.ready = ready
        self.awaitsHandshake = awaitsHandshake
    }

    func channelActive(context: ChannelHandlerContext) {
        if !awaitsHandshake { ready.succeed() }
        context.fireChannelActive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let completed = event as? TLSUserEvent, case .handshakeCompleted(let name) = completed {
            if name == Transport.applicationProtocol {
                ready.succeed()
            } else {
                ready.fail(RPCError(.unavailable, "the server does not speak \(Transport.applicationProtocol)"))
                context.close(promise: nil)
            }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        unwrapInboundIn(data).withUnsafeReadableBytes { decoder.append($0) }
        do {
            while let frame = try decoder.next() { connection.receive(frame) }
        } catch {
            context.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        ready.fail(RPCError(.unavailable, error is NIOSSLError ? "TLS failed: \(error)" : "the connection failed"))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        ready.fail(RPCError(.unavailable, "the server closed the connection"))
        connection.lost()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        ready.fail(RPCError(.unavailable, "the connection was closed"))
        connection.lost()
    }
}
