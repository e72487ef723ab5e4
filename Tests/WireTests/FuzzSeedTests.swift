import Foundation
import Testing

@testable import Wire

/// The seeds of Tests/Fuzz are the golden messages; `GATEHOUSE_WRITE_SEEDS=1` writes them anew.
@Suite struct FuzzSeedTests {
    /// The order of the fuzz target's types.
    private static let types = [
        "GetUserResponse", "FindUserRequest", "UpdateUserRequest", "RetryAfter", "SubmitSignInCodeResponse", "Frame",
        "CreateUserRequest", "CreateServiceAccountRequest",
    ]

    private static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fuzz/Wire/Seeds")

    private var seeds: [(name: String, bytes: [UInt8])] {
        get throws {
            var seeds: [(String, [UInt8])] = []
            for golden in Golden.all {
                let name = golden.name.replacing(" ", with: "-")
                let type = try #require(golden.type.fullName.split(separator: ".").last)
                let index = try #require(Self.types.firstIndex { $0 == type })
                seeds.append((name + ".message", [UInt8(index + 1)] + golden.bytes))
                seeds.append((name + ".json", [UInt8(index + 1 + Self.types.count)] + Array(golden.json.utf8)))
                guard golden.type is FrameEnvelope.Type else { continue }
                seeds.append((name + ".stream", [0, 0, 0, 0, UInt8(golden.bytes.count)] + golden.bytes))
            }
            return seeds
        }
    }

    @Test func `the seeds of the fuzz target are the golden messages`() throws {
        let isWriting = ProcessInfo.processInfo.environment["GATEHOUSE_WRITE_SEEDS"] != nil
        for seed in try seeds {
            let file = Self.directory.appendingPathComponent(seed.name)
            if isWriting { try Data(seed.bytes).write(to: file) }
            #expect(try [UInt8](Data(contentsOf: file)) == seed.bytes)
        }
    }
}
