internal import Identity
internal import MariaDB

/// What the mail about something that happened to an account shows.
struct NoticeMessage: MessageView {
    /// One thing that is known about it.
    struct Fact: Sendable {
        let label: String
        let value: String
    }

    let text: Texts
    let language: String
    let direction: String
    let subject: String
    let lead: String
    let facts: [Fact]
    /// The full address of where it is taken back; nil when it cannot be.
    let undoPath: String?
    let undoLead: String
    let siteName: String
    let siteURL: String

    init(_ notice: AccountNotice, undo link: String? = nil, _ values: MessageValues, _ texts: Texts) {
        let id = "notice." + notice.kind.rawValue
        text = texts
        language = texts.language
        direction = texts["language.direction"]
        subject = texts.text(id + ".subject", ["site": values.siteName])
        lead = texts[id + ".lead"]
        facts = Self.facts(of: notice, texts)
        undoPath = link
        undoLead = texts[notice.kind == .accountLeft ? "notice.undo_left" : "notice.undo"]
        siteName = values.siteName
        siteURL = values.siteURL
    }

    /// The browser's own words are left out unless they are ones we know: whoever it was chose them.
    private static func facts(of notice: AccountNotice, _ texts: Texts) -> [Fact] {
        let values: [(id: String, value: String?)] = [
            ("notice.time", notice.timeText),
            ("notice.device", DeviceWords.recognised(in: notice.userAgent, texts)),
            ("notice.source", notice.source?.description),
            ("notice.failures", notice.failures > 0 ? "\(notice.failures)" : nil),
        ]
        return values.compactMap { id, value in value.map { Fact(label: texts[id], value: $0) } }
    }

    static func sample(_ texts: Texts) -> NoticeMessage {
        let notice = AccountNotice(.newDevice, at: Timestamp(microsecondsSinceEpoch: 0), failures: 5)
        let values = MessageValues(
            siteName: "Gatehouse",
            siteURL: "https://id.example.com",
            content: .notice(notice)
        )
        return NoticeMessage(notice, undo: "https://id.example.com/undo?token=x", values, texts)
    }
}
