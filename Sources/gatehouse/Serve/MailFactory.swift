internal import Mail

/// Makes what messages leave through.
enum MailFactory {
    static func transport(_ settings: Settings, directory: DataDirectory) throws -> any MailTransport {
        let mail = settings.mail
        guard mail.delivery == .smtp else { return try DevelopmentMailbox(directory: directory.file("mailbox")) }
        let security: SMTPConfiguration.Security =
            switch mail.smtpSecurity {
            case .starttls: .startTLS
            case .tls: .tls
            case .none: .plaintextOnLoopback
            }
        guard let port = UInt16(exactly: mail.smtpPort) else { throw CommandFailure("mail.smtp-port is out of range.") }
        var configuration = SMTPConfiguration(host: mail.smtpHost, port: port, security: security)
        if !mail.smtpUser.isEmpty {
            let path = mail.smtpPasswordFile
            _ = try SecretFile.line(of: path)
            // Read at each connection, so that a password can be replaced while we run; a file that went away is no
            // password, and the server's refusal is logged and retried.
            configuration.credentials = .init(user: mail.smtpUser) { (try? SecretFile.line(of: path)) ?? [] }
        }
        if !mail.smtpCertificateAuthorityFile.isEmpty {
            configuration.certificateAuthorityFile = mail.smtpCertificateAuthorityFile
        }
        return try SMTPTransport(configuration)
    }
}
