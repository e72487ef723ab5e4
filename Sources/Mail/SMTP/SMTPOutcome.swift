internal import CCurl

/// The one place where libcurl's result and the server's reply code become an answer.
struct SMTPOutcome {
    let result: CURLcode
    /// The last reply code, 0 when there was none.
    let status: Int
    let transfer: SMTPTransfer

    var mailResult: Result<Void, MailError> { result == CURLE_OK ? .success(()) : .failure(error) }

    private var error: MailError {
        if transfer.lacksSMTPUTF8 {
            return MailError(.permanent, reason: "the mail server takes no addresses beyond ASCII")
        }
        if transfer.isCancelled { return MailError(.temporary, reason: "the sender gave up") }
        let reason = unsafe String(cString: curl_easy_strerror(result))
        let reply = (400...599).contains(status) ? status : nil
        return MailError(code(for: reply), libraryReason: reason, smtpStatus: reply)
    }

    private func code(for reply: Int?) -> MailError.Code {
        guard let reply else { return needsOperator ? .configuration : .temporary }
        if reply < 500 { return .temporary }
        return isAboutConnection(reply) ? .configuration : .permanent
    }

    /// A 5yz before the envelope speaks about us, not about the message: giving the message up would lose it.
    private func isAboutConnection(_ reply: Int) -> Bool {
        switch (result, reply) {
        // RFC 4954 section 6: authentication required, refused, too weak, or in need of encryption.
        case (_, 530), (_, 534), (_, 535), (_, 538): true
        case (CURLE_LOGIN_DENIED, _), (CURLE_USE_SSL_FAILED, _), (CURLE_REMOTE_ACCESS_DENIED, _): true
        case (CURLE_WEIRD_SERVER_REPLY, _): !transfer.hasStartedBody
        default: false
        }
    }

    private var needsOperator: Bool {
        switch result {
        case CURLE_LOGIN_DENIED, CURLE_USE_SSL_FAILED, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
            CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL, CURLE_NOT_BUILT_IN, CURLE_BAD_FUNCTION_ARGUMENT,
            CURLE_UNKNOWN_OPTION, CURLE_FAILED_INIT:
            true
        default: false
        }
    }
}
