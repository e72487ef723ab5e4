import Cryptography
import NIOCore
import NIOPosix
import NIOSSL
import Wire

/// A client that sends what it is told to, right or wrong.
final class RawConnection {
    private let channel: any Channel
    private var frames: AsyncStream<Frame>.Iterator

    private init(_ channel: any Channel, _ frames: AsyncStream<Frame>) {
        self.channel = channel
        self.frames = frames.makeAsyncIterator()
    }

    static func connect(port: Int, tls: NIOSSLContext? = nil, isReading: Bool = true) async throws -> RawConnection {
        let (frames, receive) = AsyncStream<Frame>.makeStream()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: isReading)
            // Who does not read has little room for what comes.
            .channelOption(.socketOption(.so_rcvbuf), value: isReading ? 262_144 : 4096)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        let handler = try NIOSSLClientHandler(context: tls, serverHostname: "localhost")
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                    try channel.pipeline.syncOperations.addHandler(FrameCollector(receive))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return RawConnection(channel, frames)
    }

    /// Writes bytes; a closed connection is noticed when reading.
    func write(_ bytes: [UInt8]) async {
        try? await channel.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    func send(_ frame: Frame) async {
        await write(frame.encodedWithLength())
    }

    /// Queues bytes without waiting for them to leave.
    func push(_ bytes: [UInt8]) {
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    /// The next frame; nil when the server has closed.
    func next() async -> Frame? {
        await frames.next(isolation: #isolation)
    }

    /// Everything up to the server's closing.
    func untilClosed() async -> [Frame] {
        var all: [Frame] = []
        while let frame = await next() { all.append(frame) }
        return all
    }

    /// The next reply or end.
    func reply() async -> ReplyFrame? {
        while let frame = await next() {
            if case .reply(let reply) = frame { return reply }
            if case .end(let end) = frame { return ReplyFrame(callID: end.callID, status: end.status) }
        }
        return nil
    }

    func startReading() async throws {
        try await channel.setOption(.autoRead, value: true).get()
    }

    func close() {
        channel.close(promise: nil)
    }
}

/// Cuts what comes into frames.
private final class FrameCollector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var decoder = FrameDecoder(maximumFrameBytes: 16 * 1024 * 1024)
    private let receive: AsyncStream<Frame>.Continuation

    init(_ receive: AsyncStream<Frame>.Continuation) {
        self.receive = receive
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        unwrapInboundIn(data).withUnsafeReadableBytes { decoder.append($0) }
        while let frame = try? decoder.next() { receive.yield(frame) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        receive.finish()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        receive.finish()
    }
}

extension CallFrame {
    /// A call with what is usual.
    static func to(
        _ method: String,
        id: UInt64 = 1,
        token: SecretBytes? = nil,
        session: SecretBytes? = nil,
        timeout: UInt32 = 15_000,
        message: [UInt8] = [],
        _ more: [(String, String)] = []
    ) -> CallFrame {
        var metadata = more.map { Metadata(key: $0.0, value: SecretBytes(utf8: $0.1)) }
        if let token {
            let value = SecretBytes(copying: Array("Bearer ".utf8) + token.withBytes { Array($0) })
            metadata.append(Metadata(key: "authorization", value: value))
        }
        if let session { metadata.append(Metadata(key: "x-session", value: session)) }
        return CallFrame(
            callID: id,
            method: method,
            timeoutMilliseconds: timeout,
            metadata: metadata,
            message: message
        )
    }
}

extension RawConnection {
    /// Makes a call and waits for its answer.
    func call(_ call: CallFrame) async -> ReplyFrame? {
        await send(.call(call))
        return await reply()
    }
}

extension Status {
    /// The details of one type.
    func details<Message: WireMessage>(_: Message.Type) throws -> [Message] {
        try details.filter { $0.type == Message.fullName }.map { try Message.decode($0.value, limits: .reply) }
    }

    var reason: String? { (try? details(Wire.Reason.self))?.first?.id }
}
