package import Cryptography
package import Mail
package import OutboundHTTP

/// Sends short messages through a gateway on the internet: one POST of JSON for each.
///
/// What comes back is looked at by its status alone; a message is tried again as long as that may help.
package struct SMSGateway: TextMessageTransport {
    private let http: any OutboundHTTP
    private let url: OutboundURL
    private let sender: String
    private let body: GatewayBody
    private let authentication: (name: String, value: @Sendable () -> SecretBytes)?

    /// - Parameters:
    ///   - http: Sends requests.
    ///   - url: The gateway's address.
    ///   - sender: Whom messages are from, as the gateway knows it.
    ///   - body: The body of a request.
    ///   - authentication: A header and its value, which is read for each request so that it can be replaced while we run.
    package init(
        http: any OutboundHTTP,
        url: OutboundURL,
        sender: String,
        body: GatewayBody,
        authentication: (name: String, value: @Sendable () -> SecretBytes)?
    ) {
        self.http = http
        self.url = url
        self.sender = sender
        self.body = body
        self.authentication = authentication
    }

    package func send(_ message: TextMessage) async throws(TextMessageError) {
        var request = OutboundRequest(
            .post,
            url,
            body: SecretBytes(copying: body.filled(message, sender: sender))
        )
        request.add("Content-Type", "application/json")
        // Gateways that know the header send a message once that reached them twice.
        request.add("Idempotency-Key", message.id)
        if let authentication { request.headers.append((authentication.name, authentication.value())) }
        let status: Int
        do throws(OutboundError) {
            status = try await http.send(request).status
        } catch {
            throw TextMessageError(error.isTransient ? .temporary : .permanent, "the gateway: \(error)")
        }
        switch status {
        case 200..<300: return
        // Wrong credentials and too many messages are what operators put right while messages wait.
        case 401, 403, 408, 425, 429, 500...: throw TextMessageError(.temporary, "the gateway answered \(status)")
        default: throw TextMessageError(.permanent, "the gateway answered \(status)")
        }
    }
}
