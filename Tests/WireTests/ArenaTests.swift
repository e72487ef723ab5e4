import Testing

@testable import Wire

@Suite struct ArenaTests {
    @Test func `memory is zeroed, apart and aligned`() throws {
        let arena = Arena(firstBlock: 256)
        let first = try #require(arena.allocate(100))
        let second = try #require(arena.allocate(1000))
        #expect(Int(bitPattern: first) % 16 == 0)
        #expect(Int(bitPattern: second) % 16 == 0)
        #expect(UnsafeRawBufferPointer(start: second, count: 1000).allSatisfy { $0 == 0 })
        #expect(arena.bytesUsed == 1100)
        #expect(arena.blockCount == 2)
    }

    @Test func `the byte cap holds to the byte`() {
        let arena = Arena(byteCap: 100)
        #expect(arena.allocate(60) != nil)
        #expect(arena.allocate(41) == nil)
        #expect(arena.isExhausted)
        #expect(arena.allocate(40) != nil)
        #expect(arena.allocate(1) == nil)
        #expect(arena.bytesUsed == 100)
    }

    @Test(arguments: [-1, Int.min, Int.max])
    func `a wild size is refused`(size: Int) {
        #expect(Arena(byteCap: 1 << 20).allocate(size) == nil)
    }

    @Test func `the count cap holds`() {
        let arena = Arena(countCap: 2)
        #expect(arena.allocate(1) != nil)
        #expect(arena.allocate(0) != nil)
        #expect(arena.allocate(1) == nil)
        #expect(arena.allocationCount == 2)
    }

    private func decode<Message: Facade>(
        _ type: Message.Type,
        _ bytes: [UInt8],
        _ limits: DecodingLimits
    ) -> (arena: Arena, error: WireError?) {
        let arena = Message.arena(for: bytes.count, limits)
        return bytes.withUnsafeBytes { raw in
            do throws(WireError) {
                _ = try Message.decode(raw, limits: limits, arena: arena)
                return (arena, nil)
            } catch { return (arena, error) }
        }
    }

    @Test func `four mebibytes of unknown fields cost no arena at all`() {
        let bytes = [UInt8](repeatingPair: (0x48, 0x00), count: 2 << 20)
        let (arena, error) = decode(GetUserRequest.self, bytes, .reply)
        #expect(error == WireError(.tooManyFields))
        #expect(arena.bytesUsed == 0)
        #expect(arena.allocationCount == 0)
    }

    @Test func `four mebibytes of empty elements stop at the cap`() {
        let bytes = [UInt8](repeatingPair: (0x0A, 0x00), count: 2 << 20)
        let (arena, error) = decode(CreateUserRequest.self, bytes, DecodingLimits(maximumBytes: 4 << 20))
        #expect(error == WireError(.tooLarge))
        #expect(arena.isExhausted)
        #expect(arena.bytesUsed <= 16 * 1024 + 8 * bytes.count)
    }

    @Test func `a method's small cap is a small arena`() {
        let limits = DecodingLimits(MethodTable.UserService.createUser)
        let bytes = [UInt8](repeatingPair: (0x0A, 0x00), count: limits.maximumBytes / 2)
        let (arena, error) = decode(CreateUserRequest.self, bytes, limits)
        #expect(error == WireError(.tooLarge) || error == WireError(.tooMany, at: "identifiers"))
        #expect(arena.bytesUsed <= 160 * 1024)
    }

    @Test func `an everyday message takes a handful of blocks`() {
        let (arena, error) = decode(GetUserResponse.self, Golden.all[0].bytes, .reply)
        #expect(error == nil)
        #expect(arena.blockCount <= 2)
        #expect(arena.allocationCount < 32)
    }

    @Test func `a list of a thousand users fits its cap`() throws {
        let user = try #require(try GetUserResponse.decode(Golden.all[0].bytes, limits: .reply).user)
        let list = ListUsersResponse(users: [User](repeating: user, count: 1000), nextPageToken: "next")
        #expect(try ListUsersResponse.decode(list.encoded(), limits: .reply) == list)
    }
}
