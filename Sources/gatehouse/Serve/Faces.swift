internal import Cryptography
internal import Foundation
internal import Identity
internal import Logging
internal import RPCServer
internal import ServiceLifecycle
internal import Website

/// The two faces of the server, made from its settings.
struct Faces {
    let rpc: RPCServer
    let site: Website

    init(
        settings: Settings,
        directory: DataDirectory,
        core: IdentityCore,
        banner: Banner,
        logger: Logger
    ) throws {
        var configuration = RPCServerConfiguration(
            listeners: try Self.listeners(settings, directory: directory),
            version: Gatehouse.version
        )
        configuration.limits.connections = settings.rpc.maximumConnections
        configuration.limits.drain = settings.shutdownGrace
        rpc = RPCServer(core: core, configuration: configuration, logger: logger) { ports in
            await banner.rpcListens(on: ports.first ?? settings.rpc.port)
        }
        site = try Website(core: core, configuration: Self.website(settings), logger: logger) { port in
            await banner.siteListens(on: port)
        }
    }

    private static func listeners(
        _ settings: Settings,
        directory: DataDirectory
    ) throws -> [RPCServerConfiguration.Listener] {
        let rpc = settings.rpc
        var listeners: [RPCServerConfiguration.Listener] = []
        if rpc.usesTLS {
            let tls = try tls(rpc, directory: directory)
            listeners.append(.tls(host: rpc.host, port: rpc.port, tls))
        } else {
            listeners.append(.plaintext(host: rpc.host, port: rpc.port))
        }
        if let path = settings.rpcSocketPath(in: directory) { listeners.append(.unixSocket(path: path)) }
        return listeners
    }

    /// The configured certificate, or the development one, made on first start and again when it is about to expire.
    private static func tls(_ rpc: RPCSettings, directory: DataDirectory) throws -> RPCServerConfiguration.TLS {
        let authority = rpc.clientAuthorityFile.isEmpty ? nil : rpc.clientAuthorityFile
        guard rpc.certificateFile.isEmpty else {
            return .init(
                certificateChainFile: rpc.certificateFile,
                privateKeyFile: rpc.privateKeyFile,
                clientAuthorityFile: authority
            )
        }
        let development = DevelopmentCertificate(directory: directory)
        try development.makeIfNeeded(now: SystemWallClock().now())
        return .init(
            certificateChainFile: development.certificateFile,
            privateKeyFile: development.privateKeyFile,
            clientAuthorityFile: authority
        )
    }

    private static func website(_ settings: Settings) throws -> WebsiteConfiguration {
        var configuration = WebsiteConfiguration()
        let site = settings.site
        configuration.listenHost = site.host
        configuration.listenPort = site.port
        configuration.publicURL = settings.publicSiteURL
        configuration.relatedOrigins = settings.passkeys.relatedOrigins.map(\.text)
        configuration.siteName = site.name
        configuration.trustedProxies = site.trustedProxies
        configuration.returnTargets = site.returnTargets
        if !site.webDirectory.isEmpty { configuration.webDirectory = site.webDirectory }
        if !site.certificateFile.isEmpty {
            configuration.certificateFile = site.certificateFile
            configuration.privateKeyFile = site.privateKeyFile
        }
        return configuration
    }
}
