import ArgumentParser
import Identity
import Testing

@testable import gatehouse

struct MigrateCommandTests {
    @Test(arguments: ["-1", "\(IdentityCore.schemaVersion + 1)", "99999"])
    func `A version that there is not is refused before anything is changed`(version: String) {
        #expect(throws: (any Error).self) { try MigrateCommand.parse(["--to=\(version)"]) }
    }

    @Test(arguments: [0, 1, IdentityCore.schemaVersion])
    func `Every version there is, and none, can be gone to`(version: Int) throws {
        #expect(try MigrateCommand.parse(["--to", "\(version)"]).to == version)
    }
}
