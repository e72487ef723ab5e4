import Foundation
import Testing

@testable import Website

struct ConfigurationTests {
    @Test
    func `A mistake in the configuration fails the start with a sentence`() async throws {
        let mistakes: [@Sendable (inout WebsiteConfiguration) -> Void] = [
            { $0.publicURL = "http://example.com" }, { $0.trustedProxies = ["proxy.example.com"] },
            { $0.returnTargets = ["/relative"] }, { $0.certificateFile = "/nowhere" },
            { ($0.certificateFile, $0.privateKeyFile) = ("/a.pem", "/a.key") },
        ]
        for mistake in mistakes {
            await #expect(throws: WebsiteConfigurationError.self) {
                try await withSite(configuration: mistake) { _ in }
            }
        }
        await #expect(throws: (any Error).self) {
            try await withSite(configuration: {
                $0.publicURL = "https://localhost"
                $0.certificateFile = "/nowhere"
                $0.privateKeyFile = "/nowhere"
            }) { _ in }
        }
    }
}
