internal import NIOCore
internal import NIOSSL
internal import NIOTLS
internal import Wire

/// Cuts the bytes of one connection into frames, on its event loop, and watches its time limits.
///
/// One clock per connection ticks every second; it is cheaper than a timer per frame and exact enough for limits of
/// many seconds.
final class FrameHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let connection: Connection
    private let limits: RPCLimits
    private var decoder = FrameDecoder()
    private var awaitsHandshake: Bool
    private var hasSentFrame = false
    private var opened = NIODeadline.now()
    private var lastByte = NIODeadline.now()
    private var frameBegan: NIODeadline?
    private var unwritableSince: NIODeadline?
    private var clock: RepeatedTask?

    init(connection: Connection, limits: RPCLimits, awaitsHandshake: Bool) {
        self.connection = connection
        self.limits = limits
        self.awaitsHandshake = awaitsHandshake
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        clock = context.eventLoop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in
            let (handler, context) = bound.value
            handler.checkTimes(context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        clock?.cancel()
        connection.close()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A broken handshake or a reset: nothing of it leaves this connection (RPC-13).
        context.close(promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let completed = event as? TLSUserEvent, case .handshakeCompleted(let name) = completed {
            awaitsHandshake = false
            guard name == ListenerBinder.applicationProtocol else { return context.close(promise: nil) }
            connection.certificateNames = Self.certificateNames(context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !awaitsHandshake else { return }
        lastByte = .now()
        decoder.maximumFrameBytes = connection.maximumFrameBytes
        unwrapInboundIn(data).withUnsafeReadableBytes { decoder.append($0) }
        do {
            while let frame = try decoder.next() {
                hasSentFrame = true
                connection.receive(frame)
            }
            frameBegan = decoder.isInsideFrame ? frameBegan ?? .now() : nil
        } catch {
            connection.goAway("a frame could not be read")
            context.channel.closeAfterFlush()
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        let isWritable = context.channel.isWritable
        unwritableSince = isWritable ? nil : .now()
        // Who does not read answers sends no more calls.
        _ = context.channel.setOption(.autoRead, value: isWritable)
        context.fireChannelWritabilityChanged()
    }

    private func checkTimes(_ context: ChannelHandlerContext) {
        let now = NIODeadline.now()
        let isLate =
            (!hasSentFrame && now - opened > limits.firstFrame.timeAmount)
            || frameBegan.map { now - $0 > limits.frame.timeAmount } ?? false
            || unwritableSince.map { now - $0 > limits.slowReader.timeAmount } ?? false
            || (connection.isIdle && now - lastByte > limits.idle.timeAmount)
        guard isLate else { return }
        connection.goAway("a time limit passed")
        context.channel.closeAfterFlush()
    }

    /// URI and DNS names of a checked client certificate; the common name never counts (RPC-02).
    private static func certificateNames(_ context: ChannelHandlerContext) -> [String] {
        let tls = try? context.pipeline.syncOperations.handler(type: NIOSSLServerHandler.self)
        guard let names = tls?.peerCertificate?._subjectAlternativeNames() else { return [] }
        return names.compactMap { name in
            guard name.nameType == .dnsName || name.nameType == .uri else { return nil }
            let text = String(validating: Array(name.contents), as: UTF8.self)
            return text.flatMap { $0.utf8.contains(0) ? nil : $0 }
        }
    }
}

extension Duration {
    var timeAmount: TimeAmount {
        let (seconds, attoseconds) = components
        return .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}

extension Channel {
    /// Closes when what was written before has left.
    func closeAfterFlush() {
        eventLoop.execute { self.close(mode: .all, promise: nil) }
    }
}
