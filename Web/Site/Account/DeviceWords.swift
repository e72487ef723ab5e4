/// Says which browser on which system a `User-Agent` means; a hint for its owner, never a proof of anything.
enum DeviceWords {
    // Order matters: most browsers also claim to be those further down.
    private static let browsers = [
        ("Edg/", "Edge"), ("EdgA/", "Edge"), ("EdgiOS/", "Edge"), ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Vivaldi/", "Vivaldi"), ("FxiOS/", "Firefox"), ("Firefox/", "Firefox"), ("CriOS/", "Chrome"),
        ("HeadlessChrome/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl"),
    ]
    private static let systems = [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
        ("Mac OS X", "macOS"), ("Linux", "Linux"), ("FreeBSD", "FreeBSD"),
    ]

    /// `Firefox on Linux`; what is not recognised is shown as it came, cut to 60 characters.
    static func words(for userAgent: String, _ texts: Texts) -> String {
        if let recognised = recognised(in: userAgent, texts) { return recognised }
        let shown = String(String.UnicodeScalarView(userAgent.unicodeScalars.filter(isShown).prefix(60)))
        return shown.utf8.allSatisfy { $0 == 0x20 } ? texts["device.unknown"] : texts.isolated(shown)
    }

    /// `Firefox on Linux`, without anything that was sent; nil when neither is one we know.
    static func recognised(in userAgent: String, _ texts: Texts) -> String? {
        words(for: userAgent) { texts.text("device.on", ["browser": $0, "system": $1]) }
    }

    /// The same as a name that is kept, and so holds no mark that cannot be seen.
    static func name(of userAgent: String, _ texts: Texts) -> String? {
        words(for: userAgent) { texts.plainText("device.on", ["browser": $0, "system": $1]) }
    }

    private static func words(for userAgent: String, joined: (String, String) -> String) -> String? {
        let browser = first(of: browsers, in: userAgent)
        let system = first(of: systems, in: userAgent)
        guard let browser, let system else { return browser ?? system }
        return joined(browser, system)
    }

    private static func first(of names: [(mark: String, name: String)], in text: String) -> String? {
        let bytes = Array(text.utf8)
        return names.first { contains(Array($0.mark.utf8), in: bytes) }?.name
    }

    private static func contains(_ needle: [UInt8], in bytes: [UInt8]) -> Bool {
        guard bytes.count >= needle.count else { return false }
        return (0...(bytes.count - needle.count)).contains { bytes[$0...].starts(with: needle) }
    }

    /// No control, format or bidirectional character, which could rearrange the line.
    private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}
