internal import CCurl
internal import Glibc

/// What libcurl's callbacks read and write while one message is sent; lives on the mail thread only.
final class SMTPTransfer {
    private let job: SMTPJob
    private var offset = 0
    /// Whether the server asked for the message's bytes, so that a refusal is about the message.
    private(set) var hasStartedBody = false
    /// Whether the message was held back because the server lacks SMTPUTF8 (RFC 6531 section 3.2).
    private(set) var lacksSMTPUTF8 = false
    /// What the server said in its EHLO reply; carried over while the connection is reused.
    private(set) var offersSMTPUTF8: Bool

    init(_ job: SMTPJob, offersSMTPUTF8: Bool) {
        self.job = job
        self.offersSMTPUTF8 = offersSMTPUTF8
    }

    var isCancelled: Bool { job.isCancelled }

    /// Notes one reply line of the server.
    func receive(replyLine line: UnsafeRawBufferPointer) {
        if unsafe line.starts(with: "220".utf8), !hasGreeting {
            hasGreeting = true
            offersSMTPUTF8 = false
        }
        let keyword = unsafe line.dropFirst(4).prefix(8).map { $0 & 0xDF }
        // 8 is the only byte of SMTPUTF8 that the case folding above changes.
        if unsafe line.starts(with: "250".utf8), keyword == Array("SMTPUTF".utf8) + [0x18] { offersSMTPUTF8 = true }
    }

    /// Copies the next bytes of the message; nil stops the transfer before anything of it was sent.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        if job.requiresSMTPUTF8, !offersSMTPUTF8 {
            lacksSMTPUTF8 = true
            return nil
        }
        hasStartedBody = true
        let count = min(buffer.count, job.bytes.count - offset)
        unsafe buffer.copyBytes(from: job.bytes[offset..<offset + count])
        offset += count
        return count
    }

    private var hasGreeting = false
}

extension SMTPTransfer {
    /// Runs `body` with the context pointer that the callbacks below expect.
    func withContext<R>(_ body: (UnsafeMutableRawPointer) -> R) -> R {
        withExtendedLifetime(self) { unsafe body(Unmanaged.passUnretained(self).toOpaque()) }
    }

    private static func from(_ context: UnsafeMutableRawPointer) -> SMTPTransfer {
        unsafe Unmanaged<SMTPTransfer>.fromOpaque(context).takeUnretainedValue()
    }

    static let readCallback: CCurl_transfer_callback = { bytes, size, count, context in
        guard let context = unsafe context, let bytes = unsafe bytes else { return Int(CURL_READFUNC_ABORT) }
        let buffer = unsafe UnsafeMutableRawBufferPointer(start: bytes, count: size * count)
        return unsafe from(context).read(into: buffer) ?? Int(CURL_READFUNC_ABORT)
    }

    static let replyCallback: CCurl_transfer_callback = { bytes, size, count, context in
        guard let context = unsafe context, let bytes = unsafe bytes else { return 0 }
        unsafe from(context).receive(replyLine: UnsafeRawBufferPointer(start: bytes, count: size * count))
        return size * count
    }

    static let progressCallback: curl_xferinfo_callback = { context, _, _, _, _ in
        guard let context = unsafe context else { return 0 }
        return unsafe from(context).isCancelled ? 1 : 0
    }
}
