internal import HTTPTypes
internal import Hummingbird

/// The page of every error.
struct ErrorPage: PageView {
    static let template = "error"

    let layout: PageLayout
    let text: Texts
    let formToken: String
    let statusLine: String
    let heading: String
    let explanation: String
    let homePath: String
    let requestID: String

    static func sample(_ texts: Texts) -> Self {
        ErrorPage(
            layout: .sample(texts),
            text: texts,
            formToken: "",
            statusLine: "Error 404",
            heading: "There is no such page",
            explanation: "The address may be mistyped.",
            homePath: "/",
            requestID: "0123456789abcdef"
        )
    }
}

extension Visit {
    /// The page of a refusal, or the redirect that it stands for.
    func answer(to refusal: PageRefusal) -> Answer {
        switch refusal {
        case .signInNeeded:
            return redirect("/sign-in", notice: Notice(.signInNeeded)).dropping(.session)
        case .signInOver:
            return redirect(pathToBeginAgain, notice: Notice(.flowEnded)).dropping(.flow)
        case .repairNeeded: return redirect(RepairRoutes.path)
        case .elsewhere(let path): return redirect(path)
        case .proofNeeded:
            return redirect("/account/confirm?return_to=" + PercentDecoding.encode(pageToReturnTo))
        default:
            var answer = errorPage(refusal.status, isMisdirected: refusal.status == 421)
            switch refusal {
            case .methodNotAllowed(let allowed): answer.headers[.allow] = allowed.joined(separator: ", ")
            case .throttled(let wait), .unavailable(let wait):
                answer.headers[.retryAfter] =
                    "\(max(1, wait.components.seconds + (wait.components.attoseconds > 0 ? 1 : 0)))"
            default: break
            }
            return answer
        }
    }

    /// The page that asked for a proof, or whose form did, what it is about, and where it leads on.
    private var pageToReturnTo: String {
        let fields = ["id", "return_to"].map { ($0, form.has($0) ? form[$0] : query[$0]) }
        return (formPage ?? path).adding(fields.filter { !$0.1.isEmpty })
    }

    private func errorPage(_ status: Int, isMisdirected: Bool) -> Answer {
        let id = "error.\(status)"
        let page = ErrorPage(
            layout: layout(title: texts["\(id).title"], width: .narrow),
            text: texts,
            formToken: "",
            statusLine: texts.text("error.status", ["status": "\(status)"]),
            heading: texts["\(id).title"],
            explanation: texts["\(id).text"],
            homePath: isMisdirected ? parts.origin.text + "/" : "/",
            requestID: requestID
        )
        return render(page, status: HTTPResponse.Status(code: status))
    }
}
