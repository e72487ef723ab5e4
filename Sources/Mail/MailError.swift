/// Why a message was not sent; safe to show and to log, since it holds no address, no text and no server reply.
package struct MailError: Error, Hashable, CustomStringConvertible {
    /// What the sender can do about it.
    package enum Code: String, Sendable {
        /// Try the same message again later.
        case temporary
        /// The server refused this message or this recipient for good.
        case permanent
        /// The operator must act (certificate, password, missing STARTTLS); the message itself may be sent afterwards.
        case configuration
        /// The message cannot be written as mail at all.
        case invalidMessage
    }

    package let code: Code
    /// The reply code of RFC 5321 that ended the attempt, 400...599, when the server gave one.
    package let smtpStatus: Int?
    /// One constant sentence.
    package let reason: String

    /// Makes an error from a constant text.
    package init(_ code: Code, reason: StaticString, smtpStatus: Int? = nil) {
        self.init(code, libraryReason: "\(reason)", smtpStatus: smtpStatus)
    }

    /// Takes libcurl's own constant description of a result code.
    init(_ code: Code, libraryReason: String, smtpStatus: Int? = nil) {
        self.code = code
        self.reason = libraryReason
        self.smtpStatus = smtpStatus
    }

    package var description: String {
        let status = smtpStatus.map { " (SMTP \($0))" } ?? ""
        return "mail \(code.rawValue): \(reason)\(status)"
    }
}
