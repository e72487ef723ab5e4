internal import CCurl

/// One thread's libcurl handle and the connection it keeps.
final class SMTPSession {
    private let configuration: SMTPConfiguration
    private var handle = CurlHandle()
    private var offersSMTPUTF8 = false

    init(_ configuration: SMTPConfiguration) { self.configuration = configuration }

    /// Blocks until the message is taken or refused, or time is up.
    func send(_ job: SMTPJob) -> Result<Void, MailError> {
        guard !job.isCancelled else { return .failure(MailError(.temporary, reason: "the sender gave up")) }
        guard handle != nil, let recipients = unsafe curl_slist_append(nil, "<\(job.recipient)>") else {
            return .failure(MailError(.temporary, reason: "out of memory"))
        }
        defer { unsafe curl_slist_free_all(recipients) }
        let transfer = SMTPTransfer(job, offersSMTPUTF8: offersSMTPUTF8)
        let (result, status) = unsafe transfer.withContext { context in
            setConnection()
            setAuthentication()
            handle?.set(CURLOPT_MAIL_FROM, "<\(job.sender)>")
            unsafe handle?.set(CURLOPT_MAIL_RCPT, borrowing: recipients)
            unsafe setCallbacks(context)
            handle?.set(CURLOPT_INFILESIZE_LARGE, offset: job.bytes.count)
            return (handle?.perform() ?? CURLE_FAILED_INIT, handle?.responseCode ?? 0)
        }
        // Lets go of the list, of the context and of the password.
        handle?.reset()
        offersSMTPUTF8 = transfer.offersSMTPUTF8
        return SMTPOutcome(result: result, status: status, transfer: transfer).mailResult
    }

    private func setConnection() {
        handle?.reset()
        handle?.set(CURLOPT_URL, configuration.url)
        handle?.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        // Neither the environment's proxy nor a .netrc file has a say; and no signals: we are not alone in the process.
        handle?.set(CURLOPT_PROXY, "")
        handle?.set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
        handle?.set(CURLOPT_NOSIGNAL, 1)
        handle?.set(CURLOPT_UPLOAD, 1)
        handle?.set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(configuration.connectTimeout))
        handle?.set(CURLOPT_TIMEOUT_MS, milliseconds(configuration.totalTimeout))
        setTLS()
    }

    private func setTLS() {
        let needsTLS = configuration.security != .plaintextOnLoopback
        handle?.set(CURLOPT_USE_SSL, Int((needsTLS ? CURLUSESSL_ALL : CURLUSESSL_NONE).rawValue))
        handle?.set(CURLOPT_SSL_VERIFYPEER, 1)
        handle?.set(CURLOPT_SSL_VERIFYHOST, 2)
        handle?.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if let file = configuration.certificateAuthorityFile {
            // Instead of the system's authorities, not beside them.
            handle?.set(CURLOPT_CAPATH, nil)
            handle?.set(CURLOPT_CAINFO, file)
        }
    }

    private func setAuthentication() {
        guard let credentials = configuration.credentials else { return }
        handle?.set(CURLOPT_USERNAME, credentials.user)
        handle?.set(CURLOPT_PASSWORD, secret: credentials.password())
    }

    private func setCallbacks(_ context: UnsafeMutableRawPointer) {
        unsafe handle?.set(
            CURLOPT_READFUNCTION,
            callback: SMTPTransfer.readCallback,
            CURLOPT_READDATA,
            borrowing: context
        )
        unsafe handle?.set(
            CURLOPT_HEADERFUNCTION,
            callback: SMTPTransfer.replyCallback,
            CURLOPT_HEADERDATA,
            borrowing: context
        )
        unsafe handle?.setProgress(SMTPTransfer.progressCallback, borrowing: context)
    }

    /// At least 1, since libcurl takes 0 for its default.
    private func milliseconds(_ duration: Duration) -> Int {
        let (seconds, attoseconds) = duration.components
        return max(1, Int(min(seconds, 86400)) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}
