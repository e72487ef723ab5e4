/// Where and how messages are submitted (RFC 6409).
package struct SMTPConfiguration: Sendable {
    /// How the connection is protected.
    ///
    /// Certificate and host name are always verified.
    package enum Security: String, Sendable, CaseIterable {
        /// Plain at first, then STARTTLS (RFC 3207) or nothing is sent. Port 587 as a rule.
        case startTLS
        /// TLS from the first byte (RFC 8314). Port 465 as a rule.
        case tls
        /// No protection; refused unless the host is this machine.
        case plaintextOnLoopback
    }

    /// What the server asks for (RFC 4954).
    ///
    /// The password is fetched for each message and wiped after use.
    package struct Credentials: Sendable {
        package var user: String
        package var password: @Sendable () -> [UInt8]

        /// Keeps the closure; it is called on a mail thread and may read a file.
        package init(user: String, password: @escaping @Sendable () -> [UInt8]) {
            self.user = user
            self.password = password
        }
    }

    /// A host name in ASCII, or an IP address without brackets.
    package var host: String
    package var port: UInt16
    package var security: Security
    package var credentials: Credentials?
    /// PEM file of the authorities trusted instead of the system's.
    package var certificateAuthorityFile: String?
    /// The name given in EHLO; nil: this machine's host name.
    package var clientName: String?
    /// Until the connection stands, TLS included.
    package var connectTimeout: Duration = .seconds(10)
    /// For one message, connection included.
    package var totalTimeout: Duration = .seconds(60)
    /// Threads and, at most, connections; 1...16.
    package var connections = 2
    /// Messages that may wait for a connection; more are refused as `.temporary`.
    package var queueLimit = 1024

    /// Nothing is checked before `SMTPTransport` takes it.
    package init(host: String, port: UInt16, security: Security, credentials: Credentials? = nil) {
        self.host = host
        self.port = port
        self.security = security
        self.credentials = credentials
    }
}

extension SMTPConfiguration {
    /// Throws `.configuration` with one sentence that says what to change.
    func validate() throws(MailError) {
        guard MailAddressSyntax.isHostName(host.utf8) || isIPv6Address else {
            throw wrong("the SMTP host is malformed")
        }
        guard port > 0 else { throw wrong("the SMTP port is zero") }
        guard security != .plaintextOnLoopback || isLoopback else {
            throw wrong("SMTP without TLS is allowed to this machine only")
        }
        if let clientName, !MailAddressSyntax.isHostName(clientName.utf8) { throw wrong("the EHLO name is malformed") }
        if let credentials, credentials.user.isEmpty || credentials.user.utf8.contains(0) {
            throw wrong("the SMTP user name is malformed")
        }
        guard (1...16).contains(connections), queueLimit > 0 else {
            throw wrong("the SMTP connection limits are out of range")
        }
        guard connectTimeout > .zero, totalTimeout > .zero, totalTimeout <= .seconds(3600) else {
            throw wrong("the SMTP time limits are out of range")
        }
    }

    /// The URL that libcurl takes; its path is the EHLO name.
    var url: String {
        let scheme = security == .tls ? "smtps" : "smtp"
        let authority = isIPv6Address ? "[\(host)]" : host
        return "\(scheme)://\(authority):\(port)/\(clientName ?? "")"
    }

    private var isIPv6Address: Bool {
        let bytes = host.utf8
        guard (2...45).contains(bytes.count), bytes.contains(UInt8(ascii: ":")) else { return false }
        return bytes.allSatisfy { byte in
            byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".") || Unicode.Scalar(byte).properties.isASCIIHexDigit
        }
    }

    /// libcurl itself takes `localhost` for the loopback addresses, whatever the resolver says.
    private var isLoopback: Bool {
        let parts = host.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let isLoopbackIPv4 =
            host.hasPrefix("127.") && parts.count == 4 && parts.allSatisfy { UInt8(String($0) ?? "") != nil }
        return host == "localhost" || host == "::1" || isLoopbackIPv4
    }

    private func wrong(_ reason: StaticString) -> MailError { MailError(.configuration, reason: reason) }
}
