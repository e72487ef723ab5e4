import Testing

@testable import Identity
@testable import MariaDB
@testable import Website

/// What becomes of refusals and failures of the domain.
struct RefusalTests {
    @Test(arguments: [
        (FlowError.Code.invalidInput([]), ReasonID.fieldInvalid, 400),
        (.notFound, .notFound, 404),
        (.alreadyExists, .identifierTaken, 500),
        (.revisionConflict(current: 3), .revisionConflict, 500),
        (.failedPrecondition, .signInFlowEnded, 303),
        (.failedPrecondition, .signInStepNotDue, 303),
        (.failedPrecondition, .userStateUnsuitable, 500),
        (.unauthenticated, .sessionInvalid, 303),
        (.permissionDenied, .permissionMissing, 403),
        (.stepUpRequired(.aal2, because: .proofStale), .stepUpRequired, 303),
        (.throttled(retryAfter: .seconds(5)), .throttled, 429),
        (.unavailable(retryAfter: nil), .unavailable, 503),
        (.deadlineExceeded, .deadlineExceeded, 503),
        (.cancelled, .cancelled, 503),
        (.internalFailure, .internalFailure, 500),
    ])
    func `A refusal of the domain has one status`(code: FlowError.Code, reason: ReasonID, status: Int) {
        #expect(PageRefusal(FlowError(code, reason: reason, message: "x")).status == status)
    }

    @Test
    func `A failure nobody expected shows its request and nothing else, and the log has the rest`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            _ = try await browser.nameAddress("ada@example.com")
            let connection = try Connection.openAny(site.database.shared.configuration)
            try connection.execute(text: "RENAME TABLE sign_in_flows TO sign_in_flows_gone")
            let page = try await browser.get("/sign-in/code")
            #expect(page.status == 500)
            HeaderTests.check(page, "500")
            let request = try #require(page["x-request-id"])
            #expect(page.body.contains("<code>\(request)</code>") && page.body.contains("href=\"/\""))
            for word in ["sign_in_flows", "SQL", "1146", "atabase", "server.internal"] {
                #expect(!page.body.contains(word))
            }
            #expect(site.log.lines.contains { $0.contains("a page failed") && $0.contains(request) })
        }
    }
}
