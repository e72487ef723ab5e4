internal import OutboundHTTP
internal import TextGateway

/// How codes by SMS leave, and how many may.
struct SMSSettings: Sendable {
    let delivery: SMSDelivery
    let gatewayURL: String
    let gatewayBody: String
    let gatewayHeader: String
    let gatewayHeaderFile: String
    let gatewayCertificateAuthorityFile: String
    let sender: String
    let callingCodes: [String]
    let messagesPerDay: Int
    let messagesPerCountry: Int

    init(_ sources: inout ConfigurationSources, problems: inout [String]) {
        delivery = sources.read(Options.smsDelivery)
        gatewayURL = sources.read(Options.smsGatewayURL)
        gatewayBody = sources.read(Options.smsGatewayBody)
        gatewayHeader = sources.read(Options.smsGatewayHeader)
        gatewayHeaderFile = sources.read(Options.smsGatewayHeaderFile)
        gatewayCertificateAuthorityFile = sources.read(Options.smsGatewayCertificateAuthority)
        sender = sources.read(Options.smsSender)
        callingCodes = sources.read(Options.smsCallingCodes)
        messagesPerDay = sources.read(Options.smsPerDay)
        messagesPerCountry = sources.read(Options.smsPerCountry)
        if delivery == .gateway, url == nil {
            problems.append("sms.gateway-url must be https://host/path, or http:// on a loopback host")
        }
        if GatewayBody(gatewayBody) == nil {
            problems.append("sms.gateway-body must be JSON with {to} and {text} in its strings")
        }
        if !callingCodes.allSatisfy(Self.isCallingCode) {
            problems.append("sms.calling-codes must be calling codes of one to three digits")
        }
        if !Self.isHeaderName(gatewayHeader) {
            problems.append("sms.gateway-header must be the name of a header")
        }
    }

    /// The gateway's address, if requests may be sent there.
    var url: OutboundURL? {
        guard let url = OutboundURL(gatewayURL), url.isSecure || Self.isLoopback(url) else { return nil }
        return url
    }

    /// Where requests may go: to the internet, or to a gateway on this very machine that the operator named.
    var outboundPolicy: OutboundPolicy {
        let own = url.map { Self.isLoopback($0) ? [$0.host] : [] } ?? []
        let file = gatewayCertificateAuthorityFile
        return OutboundPolicy(developmentHosts: Set(own), certificateAuthorityFile: file.isEmpty ? nil : file)
    }

    private static func isLoopback(_ url: OutboundURL) -> Bool { ["localhost", "127.0.0.1", "::1"].contains(url.host) }

    private static func isCallingCode(_ text: String) -> Bool {
        (1...3).contains(text.utf8.count) && text.utf8.first != UInt8(ascii: "0")
            && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    private static func isHeaderName(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "-")
            }
    }
}
