import Cryptography
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A server on this machine that answers whatever it is asked with the same bytes.
struct CannedServer {
    let port: Int
    private let received: Received

    /// All bytes that were sent to it, as text.
    var requests: String { received.bytes.withLock { String(decoding: $0, as: UTF8.self) } }

    /// Serves for the length of the closure.
    ///
    /// With an interval the answer goes out byte by byte.
    static func with<Result>(
        _ answer: String,
        every interval: TimeAmount? = nil,
        tls: NIOSSLContext? = nil,
        _ body: (CannedServer) async throws -> Result
    ) async throws -> Result {
        let received = Received()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    let handler = CannedHandler(Array(answer.utf8), every: interval, received)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let server = CannedServer(port: channel.localAddress?.port ?? 0, received: received)
        do {
            let result = try await body(server)
            try await channel.close()
            return result
        } catch {
            try await channel.close()
            throw error
        }
    }
}

final class Received: Sendable {
    let bytes = Mutex<[UInt8]>([])
}

private final class CannedHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var rest: ArraySlice<UInt8>
    private let interval: TimeAmount?
    private let received: Received
    private var isAnswering = false

    init(_ answer: [UInt8], every interval: TimeAmount?, _ received: Received) {
        (rest, self.interval, self.received) = (answer[...], interval, received)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = Array(buffer: unwrapInboundIn(data))
        received.bytes.withLock { $0 += bytes }
        guard !isAnswering else { return }
        isAnswering = true
        answer(context)
    }

    private func answer(_ context: ChannelHandlerContext) {
        guard let interval, let byte = rest.popFirst() else {
            if !rest.isEmpty { context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: rest)), promise: nil) }
            return
        }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: [byte])), promise: nil)
        context.eventLoop.assumeIsolated().scheduleTask(in: interval) {
            if context.channel.isActive { self.answer(context) }
        }
    }
}
