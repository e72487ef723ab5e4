internal import NIOCore
internal import NIOSSL
internal import NIOTLS
internal import Wire

/// Cuts the bytes of one connection into frames, on its event loop, and watches its time limits.
///
/// One clock per connection looks at all limits; that is cheaper than a timer for each frame.
final class FrameHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let connection: Connection
    private var decoder = FrameDecoder()
    private var awaitsHandshake: Bool
    private var isRefused = false
    private var times: ConnectionTimes
    private var clock: RepeatedTask?

    init(connection: Connection, awaitsHandshake: Bool) {
        self.connection = connection
        self.awaitsHandshake = awaitsHandshake
        times = ConnectionTimes(limits: connection.limits, now: .now())
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let interval = connection.limits.clockInterval
        clock = context.eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            bound.value.checkTimes()
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        clock?.cancel()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A broken handshake or a reset: nothing of it leaves this connection (RPC-13).
        context.close(promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted(let name) = event as? TLSUserEvent {
            guard name == Transport.applicationProtocol else { return context.close(promise: nil) }
            awaitsHandshake = false
            let tls = try? context.pipeline.syncOperations.handler(type: NIOSSLServerHandler.self)
            if let certificate = tls?.peerCertificate { connection.note(ClientCertificateNames(certificate)) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !awaitsHandshake, !isRefused else { return }
        decoder.maximumFrameBytes = connection.maximumFrameBytes
        unwrapInboundIn(data).withUnsafeReadableBytes { decoder.append($0) }
        var calls: [CallInFlight] = []
        var frames = 0
        do {
            while let frame = try decoder.next() {
                frames += 1
                if let call = connection.receive(frame) { calls.append(call) }
            }
        } catch {
            isRefused = true
            connection.refuse("a frame could not be read")
        }
        connection.start(calls)
        times.received(completedFrame: frames > 0, isInsideFrame: decoder.isInsideFrame, now: .now())
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        let isWritable = context.channel.isWritable
        times.writabilityChanged(isWritable: isWritable, now: .now())
        // Who does not read answers sends no more calls.
        context.channel.setOption(.autoRead, value: isWritable).whenFailure { _ in }
        context.fireChannelWritabilityChanged()
    }

    private func checkTimes() {
        connection.endOverdueStreams()
        switch times.verdict(isIdle: connection.isIdle, isClosing: connection.isClosing, now: .now()) {
        case .fine: break
        case .refuse(let reason): connection.refuse(reason)
        case .abort: connection.abort()
        }
    }
}
