internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// What a page answers with.
struct Answer: Sendable {
    var status: HTTPResponse.Status
    var headers: HTTPFields = [:]
    var body: [UInt8] = []

    /// What a script asked for.
    static func json(_ text: String) -> Answer {
        Answer(status: .ok, headers: [.contentType: "application/json"], body: Array(text.utf8))
    }

    /// This answer, setting a cookie.
    func setting(_ cookie: SiteCookie, to value: String, for lifetime: Duration? = nil) -> Answer {
        adding(cookie.setting(value, for: lifetime))
    }

    /// This answer, removing a cookie.
    func dropping(_ cookie: SiteCookie) -> Answer { adding(cookie.removal) }

    private func adding(_ cookie: String) -> Answer {
        var answer = self
        answer.headers.append(HTTPField(name: .setCookie, value: cookie))
        return answer
    }

    /// The response; to `HEAD` the same without its body.
    func response(toHead: Bool) -> Response {
        var headers = headers
        headers[.contentLength] = "\(body.count)"
        return Response(
            status: status,
            headers: headers,
            body: toHead || body.isEmpty ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: body))
        )
    }
}
