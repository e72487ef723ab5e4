internal import Cryptography
internal import Mail
internal import OutboundHTTP
internal import TextGateway

/// Makes what short messages leave through.
enum TextFactory {
    /// Nil where none are sent.
    static func transport(_ settings: SMSSettings, directory: DataDirectory) throws -> (any TextMessageTransport)? {
        switch settings.delivery {
        case .off: return nil
        case .mailbox: return try DevelopmentMailbox(directory: directory.file("mailbox"))
        case .gateway:
            guard let url = settings.url, let body = GatewayBody(settings.gatewayBody) else {
                throw CommandFailure("sms.gateway-url or sms.gateway-body cannot be used.")
            }
            return SMSGateway(
                http: OutboundTransport(policy: settings.outboundPolicy),
                url: url,
                sender: settings.sender,
                body: body,
                authentication: try authentication(settings)
            )
        }
    }

    /// Read for each message, so that it can be replaced while we run; a file that went away is no credential, and the
    /// gateway's refusal is logged and retried.
    private static func authentication(
        _ settings: SMSSettings
    ) throws -> (name: String, value: @Sendable () -> SecretBytes)? {
        let path = settings.gatewayHeaderFile
        guard !path.isEmpty else { return nil }
        _ = try SecretFile.line(of: path)
        return (settings.gatewayHeader, { SecretBytes(copying: (try? SecretFile.line(of: path)) ?? []) })
    }
}
