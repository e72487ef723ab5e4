import MariaDB
import Testing

@testable import Identity

/// What people may type to become more than text (SECURITY WEB-06).
enum HostileTexts {
    static let all = [
        "\"\u{301} onfocus=alert(1) autofocus=\"", "<\u{338}img src=x onerror=alert(1)>",
        "</script><script>alert(1)</script>",
        "{{7*7}}{{{form_token}}}", "javascript:alert(1)", "</textarea></select><b>x</b>",
    ]

    /// Expects that none of it became markup; over bytes, since a mark may hide a sign from comparison.
    static func check(_ body: String) {
        for sign in [
            "<script>", "<img src=x", "<b>x", "onfocus=alert(1) autofocus=\"", "\"\u{301}", "href=\"javascript:",
        ] {
            #expect(!body.utf8.contains(sign.utf8), "\(sign)")
        }
    }
}

extension SiteWorld {
    /// An administrator's script.
    var system: CallContext { .system(requestID: "test", deadline: .after(.seconds(60))) }
}
