import MariaDB
import Testing

@testable import Identity

/// SECURITY DB-04: what happens at the same moment.
@Suite(.serialized) struct UserRaceTests {
    @Test func `of fifty who register one name at once, one gets it`() async throws {
        try await withCore(lanes: 8) { world in
            let results = await withTaskGroup(of: Result<User, FlowError>.self) { group in
                for index in 0..<50 {
                    let spelling = index.isMultiple(of: 2) ? "Ada@Example.com" : "ada@EXAMPLE.com"
                    group.addTask { await attempt { try await world.makeUser(spelling) } }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(results.compactMap(\.value).count == 1)
            #expect(results.compactMap(\.refusal?.reason) == [ReasonID](repeating: .identifierTaken, count: 49))
            let users = try await world.number("SELECT COUNT(*) FROM users")
            #expect(users == 1)
        }
    }

    @Test func `of twenty updates that expect the same revision, one is done`() async throws {
        try await withCore(lanes: 8) { world in
            let user = try await world.makeUser("a@example.com")
            let results = await withTaskGroup(of: Result<User, FlowError>.self) { group in
                for index in 0..<20 {
                    let changes = UserChanges(externalID: .some("x\(index)"))
                    group.addTask {
                        await attempt {
                            try await world.core.users.update(user.id, changes, expectedRevision: 1, world.system)
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            let done = results.compactMap(\.value)
            #expect(done.count == 1)
            let refused = [FlowError.Code](repeating: .revisionConflict(current: 2), count: 19)
            #expect(results.compactMap(\.refusal?.code) == refused)
            #expect(try await world.core.users.get(user.id, world.system) == done.first)
        }
    }

    @Test func `of twenty updates without a revision, none is lost`() async throws {
        try await withCore(lanes: 8) { world in
            let user = try await world.makeUser("a@example.com")
            await withTaskGroup(of: Void.self) { group in
                for index in 0..<20 {
                    let changes = UserChanges(externalID: .some("x\(index)"))
                    group.addTask {
                        _ = await attempt { try await world.core.users.update(user.id, changes, world.system) }
                    }
                }
            }
            #expect(try await world.core.users.get(user.id, world.system).revision == 21)
            #expect(try await world.events(.userUpdated) == 20)
        }
    }

    @Test func `a session made while its user is disabled does not outlive that`() async throws {
        try await withCore(lanes: 8) { world in
            for round in 0..<10 {
                let user = try await world.makeUser("r\(round)@example.com")
                await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<6 { group.addTask { _ = try? await world.makeSession(of: user.id) } }
                    group.addTask { _ = try? await world.core.users.disable(user.id, reason: "", world.system) }
                }
                #expect(try await world.core.users.get(user.id, world.system).state == .disabled)
                #expect(try await world.number("SELECT COUNT(*) FROM sessions") == 0)
            }
        }
    }
}

/// The value or the refusal of a flow.
func attempt<R>(_ body: () async throws -> R) async -> Result<R, FlowError> {
    do {
        return .success(try await body())
    } catch {
        return .failure(FlowError(any: error))
    }
}

extension Result where Failure == FlowError {
    var value: Success? {
        if case .success(let value) = self { value } else { nil }
    }

    var refusal: FlowError? {
        if case .failure(let refusal) = self { refusal } else { nil }
    }
}
