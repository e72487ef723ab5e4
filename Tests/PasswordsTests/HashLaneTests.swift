import Cryptography
import Foundation
import Testing

@testable import Passwords

/// The threads that hash: right answers, bounds, cancellation and the end (SECURITY PW-11, PW-12).
@Suite(.serialized) struct HashLaneTests {
    private static func password(_ number: Int) -> SecretBytes { SecretBytes(utf8: "correct horse \(number)") }

    @Test func `Two hundred hashes at once on two threads are each as one computed alone`() async throws {
        let parameters = try #require(Argon2Parameters(memory: 1024, passes: 2, lanes: 1))
        let lane = try LaneFixture.lane(threads: 2, capacity: 200, parameters: parameters)
        let texts = try await withThrowingTaskGroup(of: (Int, String).self) { group in
            for number in 0..<200 {
                group.addTask {
                    let password = Self.password(number)
                    return (number, try await lane.hash(password, pepper: nil, deadline: LaneFixture.never).text)
                }
            }
            return try await group.reduce(into: [Int: String]()) { $0[$1.0] = $1.1 }
        }
        lane.stop()
        #expect(lane.snapshot.completed == 200)
        var memory = Argon2Memory(for: parameters)
        for number in 0..<200 {
            let alone = try PasswordRecord(
                hashing: Self.password(number),
                parameters: parameters,
                memory: &memory,
                random: CountingRandom()
            )
            #expect(texts[number] == alone.text)
        }
    }

    @Test func `A password verifies against its record and no other does`() async throws {
        let lane = try LaneFixture.lane(threads: 2)
        let record = try await lane.hash(Self.password(1), pepper: nil, deadline: LaneFixture.never)
        #expect(try await lane.verify(Self.password(1), against: record, pepper: nil, deadline: LaneFixture.never))
        #expect(try await !lane.verify(Self.password(2), against: record, pepper: nil, deadline: LaneFixture.never))
    }

    @Test func `A record under a pepper needs the pepper and its key`() async throws {
        let ring = try KeyRing(
            keys: [1, 2].map { (id: UInt8) in
                let material = SecretBytes(copying: [UInt8](repeating: id, count: 32))
                return KeyRing.Key(id: UInt32(id), state: id == 1 ? .decryptOnly : .active, material: material)
            }
        )
        let pepper = Pepper(keyRing: ring)
        let lane = try LaneFixture.lane()
        let (password, never) = (Self.password(1), LaneFixture.never)
        let record = try await lane.hash(password, pepper: PepperKey(activeOf: pepper), deadline: never)
        #expect(try await lane.verify(password, against: record, pepper: PepperKey(pepper, keyID: 2), deadline: never))
        #expect(try await !lane.verify(password, against: record, pepper: PepperKey(pepper, keyID: 1), deadline: never))
        #expect(try await !lane.verify(password, against: record, pepper: nil, deadline: never))
        await #expect(throws: HashLaneError.self) {
            try await lane.verify(password, against: record, pepper: PepperKey(pepper, keyID: 3), deadline: never)
        }
        #expect(lane.snapshot.running == 0)
    }

    @Test(arguments: [
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$scrypt$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$4NVqftwz0sJgdOK5ETEhI5Snmvj2KS+3k6h0Sx1sIPQ",
        "pbkdf2_sha1$1000$seasalt12345$bxkUhPXRmp1iEm/M/2v826E/LlQ=",
        "$2b$04$abcdefghijklmnopqrstuuR/sMB5BEXmOMYfypgggoVc1NiqGSQrS",
        "AAABAgMEBQYHCAkKCwwNDg+ukCEMDf0yyQ29NYubggHIVY0sdEUfdyeM+E1LtH1uJg==",
    ])
    func `An imported record verifies on the lane`(text: String) async throws {
        let lane = try LaneFixture.lane()
        let record = try PasswordRecord(text)
        let (password, never) = (text.contains("m=256") ? "password" : "my password", LaneFixture.never)
        #expect(try await lane.verify(SecretBytes(utf8: password), against: record, pepper: nil, deadline: never))
        #expect(
            try await !lane.verify(SecretBytes(utf8: password + "!"), against: record, pepper: nil, deadline: never)
        )
    }

    @Test func `A record that needs more memory than a thread has gets it for the one call`() async throws {
        let large = try #require(Argon2Parameters(memory: 4096, passes: 1, lanes: 1))
        var memory = Argon2Memory(for: large)
        let record = try PasswordRecord(hashing: Self.password(1), parameters: large, memory: &memory)
        let lane = try LaneFixture.lane(threads: 2)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<8 {
                group.addTask {
                    let password = Self.password(number)
                    let isRight = try await lane.verify(
                        password,
                        against: record,
                        pepper: nil,
                        deadline: LaneFixture.never
                    )
                    return isRight == (number == 1)
                }
            }
            for try await isAsExpected in group { #expect(isAsExpected) }
        }
    }

    @Test func `A record beyond the limits is refused without a try`() async throws {
        let lane = try LaneFixture.lane()
        let salt = "AAECAwQFBgcICQoLDA0ODw$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
        for costs in ["m=65537,t=1,p=1", "m=65536,t=64,p=1"] {
            let record = try PasswordRecord("$argon2id$v=19$\(costs)$\(salt)")
            await #expect(throws: HashLaneError.recordTooCostly) {
                try await lane.verify(Self.password(1), against: record, pepper: nil, deadline: LaneFixture.never)
            }
        }
        #expect(lane.snapshot.completed == 0)
    }

    @Test func `Records of the lane's own cost are beyond no limit`() async throws {
        let parameters = Argon2Parameters(memory: 65_537, passes: 1, lanes: 1)
        let lane = try LaneFixture.lane(parameters: parameters)
        #expect(try await !lane.verifyDummy(Self.password(1), pepper: nil, deadline: LaneFixture.never))
        #expect(lane.snapshot.completed == 1)
    }

    @Test func `Nobody's password is work of the lane's own parameters and never right`() async throws {
        let lane = try LaneFixture.lane()
        #expect(try await !lane.verifyDummy(Self.password(1), pepper: nil, deadline: LaneFixture.never))
        #expect(try await !lane.verifyDummy(SecretBytes(copying: []), pepper: nil, deadline: LaneFixture.never))
        #expect(lane.snapshot.completed == 2)
        guard case .argon2(let record) = lane.nobodysRecord else {
            Issue.record("nobody's record is of another kind")
            return
        }
        #expect(record.parameters == lane.configuration.parameters)
    }
}
