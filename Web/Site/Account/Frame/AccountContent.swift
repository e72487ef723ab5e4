internal import HTTPTypes
internal import Hummingbird
internal import Identity

/// What stands in the frame of an account page; its template finds it as `content`.
protocol AccountContent: Sendable {
    static var template: String { get }
    /// With every optional set and every list filled.
    static func sample(_ texts: Texts) -> Self
}

/// A page of the account: the frame that all share, and what stands in it.
struct AccountPage<Content: AccountContent>: PageView {
    static var template: String { Content.template }

    let layout: PageLayout
    let text: Texts
    let formToken: String
    let notice: NoticeView?
    let title: String
    let content: Content

    static func sample(_ texts: Texts) -> Self {
        AccountPage(
            layout: .sample(texts),
            text: texts,
            formToken: "token",
            notice: .sample,
            title: "Your account",
            content: .sample(texts)
        )
    }
}

extension AccountVisit {
    /// Shows a page of an area; `title` is its own, if it is not the area's.
    func page(
        _ content: some AccountContent,
        in area: AccountArea,
        title id: String? = nil,
        status: HTTPResponse.Status = .ok,
        scripts: [SiteScript] = []
    ) -> Answer {
        let title = texts[id ?? area.titleID]
        let isProblem = status != .ok || visit.notice?.kind.isProblem ?? false
        let page = AccountPage(
            layout: visit.layout(
                title: title,
                width: isRepairing ? .wide : .framed,
                signOut: true,
                isProblem: isProblem,
                scripts: scripts,
                navigation: isRepairing ? nil : AccountNavigation(at: area, among: areas, texts)
            ),
            text: texts,
            formToken: formToken,
            notice: visit.noticeView,
            title: title,
            content: content
        )
        return visit.render(page, status: status)
    }
}
