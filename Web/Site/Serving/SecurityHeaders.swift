internal import HTTPTypes

/// The headers that every response carries (SECURITY WEB-03, WEB-04).
struct SecurityHeaders: Sendable {
    private let fields: HTTPFields

    /// - Parameters:
    ///   - isHTTPS: Whether browsers come over TLS.
    ///   - formTargets: Origins to which the answer to a form may lead; browsers check redirects against `form-action`, too.
    init(isHTTPS: Bool, formTargets: [String]) {
        let policy = [
            "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'",
            (["form-action 'self'"] + formTargets).joined(separator: " "),
            "base-uri 'none'", "frame-ancestors 'none'", "object-src 'none'",
        ]
        var fields: HTTPFields = [
            .contentSecurityPolicy: policy.joined(separator: "; "),
            .xContentTypeOptions: "nosniff",
            .cacheControl: "no-store",
        ]
        let named = [
            // With no-referrer browsers would send `Origin: null` with our own forms.
            "Referrer-Policy": "same-origin",
            "X-Frame-Options": "DENY",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cross-Origin-Embedder-Policy": "require-corp",
            "Permissions-Policy": Self.permissions,
        ]
        for (name, value) in named {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        if isHTTPS { fields[.strictTransportSecurity] = "max-age=63072000; includeSubDomains" }
        self.fields = fields
    }

    /// Puts in what is not there.
    func add(to headers: inout HTTPFields) {
        for field in fields where headers[field.name] == nil { headers.append(field) }
    }

    /// These headers alone.
    var added: HTTPFields { fields }

    /// What pages may do: nothing but, in our own alone, use passkeys (SECURITY WO-10).
    private static let permissions =
        ([
            "accelerometer", "autoplay", "camera", "display-capture", "fullscreen", "geolocation", "gyroscope",
            "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "screen-wake-lock", "usb",
            "xr-spatial-tracking",
        ].map { "\($0)=()" } + ["publickey-credentials-create=(self)", "publickey-credentials-get=(self)"])
        .joined(separator: ", ")
}
