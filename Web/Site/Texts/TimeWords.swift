/// Times as people say them, so that no page needs to know the reader's time zone.
extension Texts {
    /// How long ago something was: `5 minutes ago`.
    func ago(_ duration: Duration) -> String {
        let seconds = max(0, duration.components.seconds)
        switch seconds {
        case ..<60: return self["time.now"]
        case ..<3600: return counted("time.minute", seconds / 60)
        case ..<86_400: return counted("time.hour", seconds / 3600)
        default: return counted("time.day", seconds / 86_400)
        }
    }

    /// When something will be: `in 54 seconds`.
    func ahead(_ duration: Duration) -> String {
        let seconds = max(1, duration.components.seconds + (duration.components.attoseconds > 0 ? 1 : 0))
        return seconds < 60 ? counted("time.in_second", seconds) : counted("time.in_minute", (seconds + 59) / 60)
    }

    private func counted(_ id: String, _ count: Int64) -> String {
        count == 1 ? self[id] : text(id + "s", ["count": "\(count)"])
    }
}
