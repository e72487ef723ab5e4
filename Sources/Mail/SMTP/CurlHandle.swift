internal import CCurl

/// Owns one easy handle of libcurl with the connections it keeps.
///
/// Setting an option remembers the first failure.
@safe struct CurlHandle: ~Copyable {
    private let handle: UnsafeMutableRawPointer
    private var failure = CURLE_OK

    /// Nil when libcurl has no memory left.
    init?() {
        guard let handle = unsafe curl_easy_init() else { return nil }
        unsafe self.handle = handle
    }

    deinit { unsafe curl_easy_cleanup(handle) }

    /// Forgets all options; keeps connections.
    mutating func reset() {
        unsafe curl_easy_reset(handle)
        failure = CURLE_OK
    }

    mutating func set(_ option: CURLoption, _ value: Int) { note(unsafe CCurl_set_long(handle, option, value)) }

    mutating func set(_ option: CURLoption, offset: Int) {
        note(unsafe CCurl_set_offset(handle, option, curl_off_t(offset)))
    }

    /// libcurl copies the text.
    mutating func set(_ option: CURLoption, _ value: String?) {
        if let value {
            note(unsafe CCurl_set_string(handle, option, value))
        } else {
            note(unsafe CCurl_set_string(handle, option, nil))
        }
    }

    /// Sets a text without zero bytes; the array and the copy made of it are wiped, libcurl's own copy is only freed.
    mutating func set(_ option: CURLoption, secret: consuming [UInt8]) {
        guard !secret.contains(0) else { return note(CURLE_BAD_FUNCTION_ARGUMENT) }
        let text = UnsafeMutableBufferPointer<CChar>.allocate(capacity: secret.count + 1)
        unsafe text.initialize(repeating: 0)
        unsafe secret.withUnsafeMutableBytes { bytes in
            unsafe UnsafeMutableRawBufferPointer(text).copyMemory(from: UnsafeRawBufferPointer(bytes))
            unsafe Memory.wipe(bytes)
        }
        note(unsafe CCurl_set_string(handle, option, text.baseAddress))
        unsafe Memory.wipe(UnsafeMutableRawBufferPointer(text))
        unsafe text.deallocate()
    }

    /// The list must live until the transfer has ended.
    mutating func set(_ option: CURLoption, borrowing list: UnsafeMutablePointer<curl_slist>) {
        note(unsafe CCurl_set_list(handle, option, list))
    }

    /// The context must live until the transfer has ended.
    mutating func set(
        _ option: CURLoption,
        callback: @escaping CCurl_transfer_callback,
        _ contextOption: CURLoption,
        borrowing context: UnsafeMutableRawPointer
    ) {
        note(unsafe CCurl_set_callback(handle, option, callback))
        note(unsafe CCurl_set_context(handle, contextOption, context))
    }

    mutating func setProgress(_ callback: @escaping curl_xferinfo_callback, borrowing context: UnsafeMutableRawPointer)
    {
        note(unsafe CCurl_set_progress(handle, callback))
        note(unsafe CCurl_set_context(handle, CURLOPT_XFERINFODATA, context))
        set(CURLOPT_NOPROGRESS, 0)
    }

    /// Blocks for the whole transfer, unless an option could not be set.
    borrowing func perform() -> CURLcode { failure == CURLE_OK ? unsafe curl_easy_perform(handle) : failure }

    /// The last reply code of the server, 0 when there was none.
    var responseCode: Int {
        var code = 0
        return unsafe CCurl_response_code(handle, &code) == CURLE_OK ? code : 0
    }

    private mutating func note(_ result: CURLcode) {
        if failure == CURLE_OK { failure = result }
    }
}
