internal import MariaDB

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

    /// `1 minute` by the id, `5 minutes` by the id with an s.
    func counted(_ id: String, _ count: some BinaryInteger) -> String {
        count == 1 ? self[id] : text(id + "s", ["count": "\(count)"])
    }
}

extension Texts {
    /// A moment to the minute, in a zone that means the same to everybody: `2026-11-23 14:05 UTC`.
    func moment(_ time: Timestamp) -> String {
        let text = time.description.utf8
        let minute = String(decoding: text.dropFirst(11).prefix(5), as: UTF8.self)
        return isolated("\(day(time)) \(minute) UTC")
    }

    /// A day: `2026-11-23`.
    func day(_ time: Timestamp) -> String { String(decoding: time.description.utf8.prefix(10), as: UTF8.self) }
}
