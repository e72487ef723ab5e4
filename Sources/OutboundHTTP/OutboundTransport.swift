internal import AsyncHTTPClient
internal import Cryptography
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL

/// Sends requests over TLS to hosts on the public internet (SECURITY OI-17).
///
/// A host is looked up once for each request, its address is judged, and the connection goes to that very address: a name
/// that changes between the look and the connection leads nowhere else. Certificates are checked against the name.
package struct OutboundTransport: OutboundHTTP {
    private let policy: OutboundPolicy
    private let lookup: HostLookup

    package init(policy: OutboundPolicy = OutboundPolicy(), lookup: HostLookup = .system) {
        self.policy = policy
        self.lookup = lookup
    }

    package func admits(_ url: OutboundURL) -> Bool { policy.admits(url) }

    package func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundResponse {
        guard policy.admits(request.url) else { throw OutboundError(.addressRefused) }
        let answer = await Self.within(policy.totalTimeout) { await self.exchange(request) }
        return try (answer ?? .failure(OutboundError(.tooSlow))).get()
    }

    private func exchange(_ request: OutboundRequest) async -> Result<OutboundResponse, OutboundError> {
        let address: IPAddress
        do {
            guard let found = try await lookup.addressOf(request.url.host, request.url.port) else {
                return .failure(OutboundError(.hostUnknown))
            }
            address = found
        } catch {
            return .failure(OutboundError(.hostUnknown))
        }
        guard policy.admits(address, for: request.url) else { return .failure(OutboundError(.privateHost)) }
        return await exchange(request, at: address)
    }

    /// Each request has a client of its own: requests are rare, and a client's addresses are settled when it is made.
    private func exchange(
        _ request: OutboundRequest,
        at address: IPAddress
    ) async -> Result<OutboundResponse, OutboundError> {
        let client = HTTPClient(
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            configuration: configuration(pinning: request.url.host, to: address)
        )
        let result: Result<OutboundResponse, OutboundError>
        do {
            let response = try await client.execute(request.prepared, deadline: .now() + .init(policy.totalTimeout))
            result = try await answer(response)
        } catch {
            result = .failure(OutboundError(error))
        }
        try? await client.shutdown()
        return result
    }

    private func answer(
        _ response: HTTPClientResponse
    ) async throws -> Result<OutboundResponse, OutboundError> {
        guard !(300..<400).contains(response.status.code) else { return .failure(OutboundError(.redirected)) }
        let body = try await response.body.collect(upTo: policy.maximumBodyBytes)
        return .success(
            OutboundResponse(
                status: Int(response.status.code),
                headers: response.headers.map { ($0.name, $0.value) },
                body: Array(buffer: body)
            )
        )
    }

    private func configuration(pinning host: String, to address: IPAddress) -> HTTPClient.Configuration {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        if let file = policy.certificateAuthorityFile { tls.trustRoots = .file(file) }
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls,
            redirectConfiguration: .disallow,
            timeout: .init(connect: .init(policy.connectTimeout), read: .init(policy.totalTimeout)),
            decompression: .disabled
        )
        configuration.httpVersion = .http1Only
        configuration.dnsOverride = [host: address.description]
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    /// What the work brings, or nil when the time is over first; a look-up that cannot be interrupted is left behind.
    private static func within<Value: Sendable>(
        _ time: Duration,
        _ work: @escaping @Sendable () async -> Value
    ) async -> Value? {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let promise = loop.makePromise(of: Value?.self)
        let timer = loop.scheduleTask(in: .init(time)) { promise.succeed(nil) }
        let task = promise.completeWithTask {
            let value: Value? = await work()
            return value
        }
        let value = await withTaskCancellationHandler {
            try? await promise.futureResult.get()
        } onCancel: {
            task.cancel()
        }
        timer.cancel()
        task.cancel()
        return value ?? nil
    }
}

extension OutboundRequest {
    fileprivate var prepared: HTTPClientRequest {
        var request = HTTPClientRequest(url: url.description)
        request.method = HTTPMethod(rawValue: method.rawValue)
        request.headers.add(name: "User-Agent", value: "gatehouse")
        for (name, value) in headers {
            // A value that is no text has no place in a header.
            guard let text = value.validatedUTF8String() else { continue }
            request.headers.add(name: name, value: text)
        }
        if let body { request.body = .bytes(unsafe body.withBytes { unsafe ByteBuffer(bytes: $0) }) }
        return request
    }
}

extension OutboundError {
    /// What a failure of the client means for whoever asked.
    fileprivate init(_ error: any Error) {
        switch error {
        case is NIOTooManyBytesError: self.init(.tooLarge)
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: self.init(.untrusted)
        case let error as HTTPClientError:
            let isLate = [.deadlineExceeded, .readTimeout, .writeTimeout].contains(error)
            self.init(isLate || error == .connectTimeout ? .tooSlow : .unreachable)
        default: self.init(.unreachable)
        }
    }
}
