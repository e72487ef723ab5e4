internal import Cryptography
internal import Identity

/// The path of this site at which the hand-over to an application goes on after a sign-in.
///
/// A sign-in keeps it as where it leads, so that every page on the way needs to know nothing of applications.
struct HandOverPath: Sendable {
    let request: HandOverRequest
    let text: String

    /// The path of a request; nil when it would be too long.
    ///
    /// It asks for no new sign-in and no young proof any more: there was one.
    init?(_ request: HandOverRequest, demand: AssuranceDemand) {
        var fields = [
            ("client", request.application.description), ("return_to", request.returnAddress), ("state", request.state),
        ]
        if let challenge = request.challenge { fields.append(("challenge", Base64URL.encode(challenge))) }
        switch demand {
        case .nothing: break
        case .aal2: fields.append(("demand", "aal2"))
        case .passkey: fields.append(("demand", "passkey"))
        }
        let query = fields.map { $0.0 + "=" + PercentDecoding.encode($0.1) }.joined(separator: "&")
        guard let target = ReturnTarget("/sign-in?" + query) else { return nil }
        self.request = request
        text = target.text
    }

    /// Reads such a path; nil for every other place that a sign-in leads to.
    init?(_ target: ReturnTarget?) {
        let prefix = Array("/sign-in?".utf8)
        guard let target, target.text.utf8.starts(with: prefix),
            let fields = try? FormFields(target.text.utf8.dropFirst(prefix.count)),
            let request = HandOverRequest(fields)
        else { return nil }
        self.request = request
        text = target.text
    }
}

extension HandOverRequest {
    /// Reads the fields of a query; nil when they are no request of an application.
    init?(_ query: FormFields) {
        guard !query["client"].isEmpty else { return nil }
        self.init(
            application: query["client"],
            returnAddress: query["return_to"],
            state: query["state"],
            challenge: query["challenge"],
            demand: query["demand"],
            maximumAge: query["max_age"]
        )
    }
}
