import Testing

@testable import Wire

@Suite struct HostileBytesTests {
    struct Attack: Sendable, CustomTestStringConvertible {
        let name: String
        let type: any WireMessage.Type
        let bytes: [UInt8]
        let error: WireError

        init(_ name: String, _ type: any WireMessage.Type, _ bytes: [UInt8], _ code: WireError.Code, _ path: String?) {
            self.name = name
            self.type = type
            self.bytes = bytes
            error = WireError(code, at: path)
        }

        var testDescription: String { name }
    }

    static let attacks: [Attack] = [
        Attack("tag cut short", GetUserRequest.self, [0x80], .malformed, nil),
        Attack("field number zero", GetUserRequest.self, [0x02, 0x00], .malformed, nil),
        Attack("tag of six bytes", GetUserRequest.self, [0x8A, 0x80, 0x80, 0x80, 0x80, 0x00, 0x00], .malformed, nil),
        Attack("length cut short", GetUserRequest.self, [0x0A, 0xFF], .malformed, "user_id"),
        Attack("length beyond the end", GetUserRequest.self, [0x0A, 0x05, 0x61], .malformed, "user_id"),
        Attack("length of 2^32", GetUserRequest.self, [0x0A, 0x80, 0x80, 0x80, 0x80, 0x10], .malformed, "user_id"),
        Attack(
            "length of -1",
            GetUserRequest.self,
            [0x0A] + [UInt8](repeating: 0xFF, count: 9) + [0x01],
            .malformed,
            "user_id"
        ),
        Attack("start of a group", GetUserRequest.self, Encoding.tag(9, 3) + Encoding.tag(9, 4), .malformed, nil),
        Attack("group on a known field", GetUserRequest.self, Encoding.tag(1, 3), .malformed, "user_id"),
        Attack("wire type 7", GetUserRequest.self, Encoding.tag(9, 7), .malformed, nil),
        Attack("number for text", GetUserRequest.self, Encoding.number(1, 5), .malformed, "user_id"),
        Attack("text for number", ListUsersRequest.self, Encoding.text(1, "a"), .malformed, "page_size"),
        Attack(
            "eleven-byte number",
            ListUsersRequest.self,
            [0x08] + [UInt8](repeating: 0x80, count: 10) + [0x00],
            .malformed,
            "page_size"
        ),
        Attack("unknown number cut short", GetUserRequest.self, Encoding.tag(9, 0), .malformed, nil),
        Attack("unknown eight bytes cut short", GetUserRequest.self, Encoding.tag(9, 1) + [1], .malformed, nil),
        Attack("uint32 beyond its type", ListUsersRequest.self, Encoding.number(1, 1 << 32), .outOfRange, "page_size"),
        Attack("bool 2", DeleteUserRequest.self, Encoding.number(3, 2), .outOfRange, "immediately"),
        Attack("enum without a name", ListUsersRequest.self, Encoding.number(3, 99), .unknownEnumValue, "state"),
        Attack("negative enum", ListUsersRequest.self, Encoding.number(3, .max), .unknownEnumValue, "state"),
        Attack(
            "enum that is 1 modulo 2^32",
            ListUsersRequest.self,
            Encoding.number(3, 1 << 32 | 1),
            .unknownEnumValue,
            "state"
        ),
        Attack(
            "scalar given twice",
            GetUserRequest.self,
            Encoding.text(1, "a") + Encoding.text(1, "b"),
            .duplicateField,
            "user_id"
        ),
        Attack(
            "message given twice",
            GetUserResponse.self,
            Encoding.delimited(1, []) + Encoding.delimited(1, []),
            .duplicateField,
            "user"
        ),
        Attack(
            "two members of a oneof",
            FindUserRequest.self,
            Encoding.text(1, "a") + Encoding.text(2, "b"),
            .duplicateField,
            "phone"
        ),
        Attack(
            "one member twice",
            FindUserRequest.self,
            Encoding.text(1, "a") + Encoding.text(1, "a"),
            .duplicateField,
            "email"
        ),
        Attack(
            "two kinds of frame",
            FrameEnvelope.self,
            Encoding.delimited(6, []) + Encoding.delimited(7, []),
            .duplicateField,
            "pong"
        ),
        Attack("lone continuation byte", GetUserRequest.self, Encoding.delimited(1, [0x80]), .invalidUTF8, "user_id"),
        Attack("overlong slash", GetUserRequest.self, Encoding.delimited(1, [0xC0, 0xAF]), .invalidUTF8, "user_id"),
        Attack("surrogate", GetUserRequest.self, Encoding.delimited(1, [0xED, 0xA0, 0x80]), .invalidUTF8, "user_id"),
        Attack(
            "NUL in a text",
            GetUserRequest.self,
            Encoding.delimited(1, [0x61, 0x00, 0x62]),
            .containsNUL,
            "user_id"
        ),
        Attack(
            "NUL in a path of a mask",
            UpdateUserRequest.self,
            Encoding.delimited(2, Encoding.delimited(1, [0])),
            .containsNUL,
            "update_mask.paths[0]"
        ),
        Attack(
            "deep in the second element",
            CreateUserRequest.self,
            Encoding.delimited(1, []) + Encoding.delimited(1, Encoding.delimited(2, [0xFF])),
            .invalidUTF8,
            "identifiers[1].value"
        ),
        Attack(
            "time before the year 1",
            GetUserResponse.self,
            Encoding.delimited(1, Encoding.delimited(9, Encoding.number(1, UInt64(bitPattern: -62_135_596_801)))),
            .outOfRange,
            "user.create_time"
        ),
        Attack(
            "negative nanoseconds",
            GetUserResponse.self,
            Encoding.delimited(1, Encoding.delimited(9, Encoding.number(2, .max))),
            .outOfRange,
            "user.create_time"
        ),
        Attack(
            "duration of two signs",
            RetryAfter.self,
            Encoding.delimited(1, Encoding.number(1, 1) + Encoding.number(2, .max)),
            .outOfRange,
            "delay"
        ),
    ]

    @Test(arguments: attacks)
    func `a malformed message is refused with its field`(attack: Attack) {
        #expect(throws: attack.error) { try attack.type.decode(attack.bytes, limits: .reply) }
    }

    @Test func `every prefix of a message is refused or a message, and nothing traps`() {
        for golden in Golden.all {
            for count in 0..<golden.bytes.count {
                let prefix = Array(golden.bytes.prefix(count))
                if let message = try? golden.type.decode(prefix, limits: .reply) {
                    #expect(message.encoded() == prefix)
                }
            }
        }
    }

    @Test func `up to 32 unknown fields are passed over and one more is refused`() throws {
        let known = Encoding.text(1, "u")
        let unknown = (0..<32).flatMap { Encoding.number(UInt32(100 + $0), 1) }
        #expect(try GetUserRequest.decode(known + unknown, limits: .reply).userID == "u")
        #expect(throws: WireError(.tooManyFields)) {
            try GetUserRequest.decode(known + unknown + Encoding.delimited(200, []), limits: .reply)
        }
    }

    @Test func `unknown fields are counted over all levels`() {
        let inner = (0..<20).flatMap { _ in Encoding.number(100, 1) }
        let bytes = Encoding.delimited(1, inner) + Encoding.delimited(1, inner)
        #expect(throws: WireError(.tooManyFields, at: "identifiers[1]")) {
            try CreateUserRequest.decode(bytes, limits: .reply)
        }
    }

    @Test func `more bytes than the method takes are refused unread`() {
        let limits = DecodingLimits(MethodTable.UserService.getUser)
        let bytes = [UInt8](repeating: 0xFF, count: limits.maximumBytes + 1)
        #expect(throws: WireError(.tooLarge)) { try GetUserRequest.decode(bytes, limits: limits) }
    }

    @Test func `nesting beyond the limit is refused`() {
        var limits = DecodingLimits.reply
        limits.maximumDepth = 2
        let bytes = Encoding.delimited(1, Encoding.delimited(7, []))
        #expect(throws: WireError(.tooDeep, at: "user.identifiers[0]")) {
            try GetUserResponse.decode(bytes, limits: limits)
        }
        limits.maximumDepth = 3
        #expect(throws: Never.self) { try GetUserResponse.decode(bytes, limits: limits) }
    }
}
