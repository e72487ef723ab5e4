import MariaDB
import Testing

@testable import Identity

/// SECURITY AF-10: the serial number of metadata only grows.
struct AuthenticatorMetadataTests {
    @Test func `the greatest number stays, whatever comes after it`() async throws {
        try await withCore { world in
            for (number, greatest): (Int64, Int64) in [(7, 7), (7, 7), (9, 9), (8, 9)] {
                let seen = try await world.greatestNumber(after: number)
                #expect(seen == greatest)
            }
            #expect(try await world.number("SELECT number FROM authenticator_metadata") == 9)
            #expect(try await world.number("SELECT COUNT(*) FROM authenticator_metadata") == 1)
        }
    }

    @Test func `of many that come at once the greatest stays`() async throws {
        try await withCore { world in
            let seen = try await withThrowingTaskGroup(of: (Int64, Int64).self) { group in
                for number in (1...20).map(Int64.init).shuffled() {
                    group.addTask {
                        let greatest = try await world.greatestNumber(after: number)
                        return (number, greatest)
                    }
                }
                var seen: [(Int64, Int64)] = []
                for try await each in group { seen.append(each) }
                return seen
            }
            #expect(seen.allSatisfy { $0.0 <= $0.1 })
            #expect(try await world.number("SELECT number FROM authenticator_metadata") == 20)
        }
    }
}

extension CoreWorld {
    /// The greatest number after this one was seen.
    fileprivate func greatestNumber(after number: Int64) async throws -> Int64 {
        try await AuthenticatorMetadata.accept(
            number,
            at: clock.now(),
            deadline: .after(.seconds(600)),
            in: database
        )
    }
}
