import Foundation
import Testing

@testable import gatehouse

struct ReadmeTests {
    @Test func `README shows every setting as the code has it`() throws {
        let readme = try #require(
            URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().appendingPathComponent("README.md") as URL?
        )
        let text = try String(contentsOf: readme, encoding: .utf8)
        #expect(text.contains(ConfigurationReference.markdown), "run `make docs`")
    }
}
