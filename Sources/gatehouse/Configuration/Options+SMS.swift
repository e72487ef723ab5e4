internal import TextGateway

// Codes by SMS.
extension Options {
    static let smsDelivery = ConfigurationOption<SMSDelivery>.choice(
        "sms.delivery",
        default: .off,
        "Whether people may sign in by codes to proved telephone numbers: `gateway` sends them; `mailbox` writes them into the data directory, for development."
    )
    static let smsGatewayURL = ConfigurationOption.text(
        "sms.gateway-url",
        expects: "https://host/path, or http:// on a loopback host",
        "Where a gateway takes messages, one POST of JSON for each."
    )
    static let smsGatewayBody = ConfigurationOption.text(
        "sms.gateway-body",
        default: GatewayBody.usual,
        expects: "JSON with {to} and {text}, maybe {sender} and {id}, in its strings",
        "What the gateway is sent."
    )
    static let smsGatewayHeader = ConfigurationOption.text(
        "sms.gateway-header",
        default: "Authorization",
        expects: "the name of a header",
        "The header by which the gateway knows us."
    )
    static let smsGatewayHeaderFile = ConfigurationOption.text(
        "sms.gateway-header-file",
        expects: "a file",
        "File with the value of that header, such as `Bearer …`, readable by its owner only; none: no such header."
    )
    static let smsGatewayCertificateAuthority = ConfigurationOption.text(
        "sms.gateway-ca-file",
        expects: "a PEM file",
        "Authority that signed the gateway's certificate. None: the system's."
    )
    static let smsSender = ConfigurationOption.text(
        "sms.sender",
        expects: "a number or name that the gateway knows",
        "Whom messages are from."
    )
    static let smsCallingCodes = ConfigurationOption.list(
        "sms.calling-codes",
        expects: "calling codes such as 49, with commas between",
        "Countries that messages are sent to. None: all."
    )
    static let smsPerDay = ConfigurationOption.number(
        "sms.messages-per-day",
        default: 2000,
        in: 32...10_000_000,
        "Messages in a day, to all together: the cap on what they cost."
    )
    static let smsPerCountry = ConfigurationOption.number(
        "sms.messages-per-country",
        default: 300,
        in: 1...10_000_000,
        "Messages in an hour to the numbers of one country."
    )
}
