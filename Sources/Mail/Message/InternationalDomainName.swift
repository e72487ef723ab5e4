internal import CCurl
internal import Glibc

/// Domain names in the ASCII form of IDNA 2008 (RFC 5891).
enum InternationalDomainName {
    /// The lower-case A-label form, or nil when IDNA refuses the name.
    ///
    /// ASCII names pass unchanged.
    static func ascii(_ name: String) -> String? {
        if name.utf8.allSatisfy({ $0 < 0x80 }) { return name }
        // libidn2 below libcurl reads names in the thread's character set, which is ASCII unless a locale says otherwise.
        guard let locale = unsafe newlocale(1 << LC_CTYPE, "C.UTF-8", nil) else { return nil }
        let previous = unsafe uselocale(locale)
        defer {
            unsafe uselocale(previous)
            unsafe freelocale(locale)
        }
        return punycode(name)
    }

    private static func punycode(_ name: String) -> String? {
        guard let url = unsafe curl_url() else { return nil }
        defer { unsafe curl_url_cleanup(url) }
        guard unsafe curl_url_set(url, CURLUPART_HOST, name, 0) == CURLUE_OK else { return nil }
        var result: UnsafeMutablePointer<CChar>?
        let flags = UInt32(CURLU_PUNYCODE)
        guard unsafe curl_url_get(url, CURLUPART_HOST, &result, flags) == CURLUE_OK, let result = unsafe result else {
            return nil
        }
        defer { unsafe curl_free(result) }
        return unsafe String(validatingCString: result)
    }
}
