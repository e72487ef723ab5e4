/// Where a link in a message leads: it says what will happen, and a button makes it happen.
///
/// Mail scanners open links; only what a person presses uses the secret up.
struct LinkPage: PageView {
    static let template = "link"

    let layout: PageLayout
    let text: Texts
    let heading: String
    let lead: String
    /// Whether there is anything to do.
    let hasButton: Bool
    let actionPath: String
    let formToken: String
    /// The secret of the link.
    let token: String
    /// What the button says.
    let label: String

    static func sample(_ texts: Texts) -> Self {
        LinkPage(
            layout: .sample(texts),
            text: texts,
            heading: "Take it back?",
            lead: "It was changed.",
            hasButton: true,
            actionPath: "/undo",
            formToken: "x",
            token: "x",
            label: "Take it back"
        )
    }
}

extension Visit {
    /// A page with a button that uses the secret of a link, bound to this browser; `id` begins the ids of its texts.
    func linkPage(_ id: String, action: String, token: String) -> Answer {
        let page = LinkPage(
            layout: layout(title: texts["\(id).title"], width: .narrow),
            text: texts,
            heading: texts["\(id).title"],
            lead: texts["\(id).lead"],
            hasButton: true,
            actionPath: action,
            formToken: browserToken,
            token: token,
            label: texts["\(id).button"]
        )
        return render(page)
    }

    /// A page without a button, by the ids of its texts.
    func linkPage(heading: String, lead: String) -> Answer {
        render(
            LinkPage(
                layout: layout(title: texts[heading], width: .narrow),
                text: texts,
                heading: texts[heading],
                lead: texts[lead],
                hasButton: false,
                actionPath: "/sign-in",
                formToken: "",
                token: "",
                label: ""
            )
        )
    }
}
