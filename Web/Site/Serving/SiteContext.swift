internal import Hummingbird
internal import NIOCore

/// What the connection tells about a request.
struct SiteContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Address of the peer, without port; nil on a Unix socket.
    let peer: String?

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        peer = source.channel.remoteAddress?.ipAddress
    }
}
