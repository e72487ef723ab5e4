import Cryptography
import Mail
import OutboundHTTP
import Synchronization
import Testing

@testable import TextGateway

@Suite struct SMSGatewayTests {
    /// Answers every request in one way, and keeps it.
    private final class FakeHTTP: OutboundHTTP {
        let answer: Result<Int, OutboundError>
        let requests = Mutex<[OutboundRequest]>([])

        init(_ answer: Result<Int, OutboundError>) { self.answer = answer }

        func admits(_ url: OutboundURL) -> Bool { true }

        func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundResponse {
            requests.withLock { $0.append(request) }
            return OutboundResponse(status: try answer.get())
        }
    }

    private static let message = TextMessage(id: "m1", to: "+4915112345678", text: "123456 is your code")

    private static func gateway(_ http: FakeHTTP) throws -> SMSGateway {
        SMSGateway(
            http: http,
            url: try #require(OutboundURL("https://sms.example.com/v1/messages")),
            sender: "Shop",
            body: try #require(GatewayBody(GatewayBody.usual)),
            authentication: ("Authorization", { SecretBytes(utf8: "Bearer secret") })
        )
    }

    @Test func `a message is one request with the gateway's credentials and an id of its own`() async throws {
        let http = FakeHTTP(.success(202))
        try await Self.gateway(http).send(Self.message)
        let request = try #require(http.requests.withLock { $0.first })
        #expect(request.method == .post && request.url.description == "https://sms.example.com/v1/messages")
        let headers = Dictionary(
            uniqueKeysWithValues: request.headers.map { ($0.name, $0.value.validatedUTF8String()) }
        )
        #expect(headers["Authorization"] == "Bearer secret" && headers["Idempotency-Key"] == "m1")
        #expect(headers["Content-Type"] == "application/json")
        #expect(
            request.body?.validatedUTF8String()
                == #"{"to":"+4915112345678","from":"Shop","text":"123456 is your code"}"#
        )
    }

    @Test(arguments: [401, 403, 408, 425, 429, 500, 502, 503])
    func `what may pass is tried again`(status: Int) async throws {
        let error = await #expect(throws: TextMessageError.self) {
            try await Self.gateway(FakeHTTP(.success(status))).send(Self.message)
        }
        #expect(error?.code == .temporary && error?.description.contains("15112345678") == false)
    }

    @Test(arguments: [400, 404, 405, 413, 415, 422])
    func `what will not pass is given up`(status: Int) async throws {
        let error = await #expect(throws: TextMessageError.self) {
            try await Self.gateway(FakeHTTP(.success(status))).send(Self.message)
        }
        #expect(error?.code == .permanent)
    }

    @Test(arguments: OutboundError.Code.allCases)
    func `a request that brought no answer is repeated if that may help`(code: OutboundError.Code) async throws {
        let failure = OutboundError(code)
        let error = await #expect(throws: TextMessageError.self) {
            try await Self.gateway(FakeHTTP(.failure(failure))).send(Self.message)
        }
        #expect((error?.code == .temporary) == failure.isTransient)
    }
}
