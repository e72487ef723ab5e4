import Testing

@testable import Wire

@Suite struct JSONTranscoderTests {
    struct Refusal: Sendable, CustomTestStringConvertible {
        let json: String
        let type: String
        let error: WireError

        init(_ json: String, _ type: String, _ code: WireError.Code, _ path: String? = nil) {
            self.json = json
            self.type = "gatehouse.v1." + type
            error = WireError(code, at: path)
        }

        var testDescription: String { json }
    }

    static let refusals: [Refusal] = [
        Refusal(#"{"user_id":"a","user_id":"b"}"#, "GetUserRequest", .duplicateField, "user_id"),
        Refusal(#"{"user_id":"a","userId":"b"}"#, "GetUserRequest", .duplicateField, "user_id"),
        Refusal(#"{"user_id":"a","\u0075ser_id":"b"}"#, "GetUserRequest", .duplicateField, "user_id"),
        Refusal(#"{"email":"a","phone":"b"}"#, "FindUserRequest", .duplicateField, "phone"),
        Refusal(#"{"usr":1}"#, "GetUserRequest", .unknownField, "usr"),
        Refusal(#"{"identifiers":[{},{"x":1}]}"#, "CreateUserRequest", .unknownField, "identifiers[1].x"),
        Refusal(#"{"userId":5}"#, "GetUserRequest", .malformed, "user_id"),
        Refusal(#"{"pageSize":1.0}"#, "ListUsersRequest", .malformed, "page_size"),
        Refusal(#"{"pageSize":"+1"}"#, "ListUsersRequest", .malformed, "page_size"),
        Refusal(#"{"pageSize":-1}"#, "ListUsersRequest", .outOfRange, "page_size"),
        Refusal(#"{"pageSize":4294967296}"#, "ListUsersRequest", .outOfRange, "page_size"),
        Refusal(#"{"state":"ACTIVE"}"#, "ListUsersRequest", .unknownEnumValue, "state"),
        Refusal(#"{"state":77}"#, "ListUsersRequest", .unknownEnumValue, "state"),
        Refusal(#"{"immediately":"true"}"#, "DeleteUserRequest", .malformed, "immediately"),
        Refusal(#"{"session_token":"AAF="}"#, "ValidateSessionRequest", .malformed, "session_token"),
        Refusal(#"{"session_token":"A"}"#, "ValidateSessionRequest", .malformed, "session_token"),
        Refusal(#"{"delay":"1.5"}"#, "RetryAfter", .malformed, "delay"),
        Refusal(#"{"delay":"315576000001s"}"#, "RetryAfter", .malformed, "delay"),
        Refusal(#"{"delay":"1.0000000001s"}"#, "RetryAfter", .malformed, "delay"),
        Refusal(#"{"user":{"createTime":"2026-02-29T00:00:00Z"}}"#, "GetUserResponse", .malformed, "user.create_time"),
        Refusal(#"{"user":{"createTime":"2026-02-28T24:00:00Z"}}"#, "GetUserResponse", .malformed, "user.create_time"),
        Refusal(#"{"user":{"createTime":"2026-02-28 00:00:00Z"}}"#, "GetUserResponse", .malformed, "user.create_time"),
        Refusal(#"{"userId":"a\u0000b"}"#, "GetUserRequest", .containsNUL, "user_id"),
        Refusal(#"{"userId":"0123456789012345678901234567890123456"}"#, "GetUserRequest", .tooLong, "user_id"),
        Refusal(#"[]"#, "GetUserRequest", .malformed),
        Refusal(#"{} {}"#, "GetUserRequest", .malformed),
        Refusal(#"{"userId":"a",}"#, "GetUserRequest", .malformed),
        Refusal(#"{"userId":"\ud800"}"#, "GetUserRequest", .malformed, "userId"),
        Refusal(#"{}"#, "Nothing", .unknownType),
    ]

    @Test(arguments: refusals)
    func `wrong JSON is refused with the member at fault`(refusal: Refusal) {
        #expect(throws: refusal.error) {
            try JSONTranscoder.decode(json: Array(refusal.json.utf8), as: refusal.type)
        }
    }

    @Test(arguments: [
        (#"{"user_id":"a"}"#, #"{"userId":"a"}"#, "GetUserRequest"),
        (#" { "userId" : "\u00e9\ud83d\ude00\n" } "#, "{\"userId\":\"é😀\\n\"}", "GetUserRequest"),
        (
            #"{"pageSize":"7","state":1,"pageToken":null}"#, #"{"pageSize":7,"state":"USER_STATE_ACTIVE"}"#,
            "ListUsersRequest"
        ),
        (#"{"sessionToken":"-_8"}"#, #"{"sessionToken":"+/8="}"#, "ValidateSessionRequest"),
        (#"{"sessionToken":"+/8="}"#, #"{"sessionToken":"+/8="}"#, "ValidateSessionRequest"),
        (#"{"delay":"0.000000001s"}"#, #"{"delay":"0.000000001s"}"#, "RetryAfter"),
        (
            #"{"user":{"createTime":"2024-02-29T23:30:00.25-01:30"}}"#,
            #"{"user":{"createTime":"2024-03-01T01:00:00.250Z"}}"#, "GetUserResponse"
        ),
        (#"{"updateMask":""}"#, #"{"updateMask":""}"#, "UpdateUserRequest"),
        (
            #"{"expectedRevision":18446744073709551615}"#, #"{"expectedRevision":"18446744073709551615"}"#,
            "EnableUserRequest"
        ),
        ("{}", "{}", "GetUserRequest"),
    ])
    func `what people write comes back in the standard form`(written: String, standard: String, type: String) throws {
        let bytes = try JSONTranscoder.decode(json: Array(written.utf8), as: "gatehouse.v1." + type)
        #expect(try JSONTranscoder.encode(bytes, as: "gatehouse.v1." + type) == standard)
    }

    @Test func `nesting beyond the limit is refused and does not crash`() {
        let json = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
        #expect(throws: WireError(.tooDeep)) {
            try JSONTranscoder.decode(json: json, as: "gatehouse.v1.GetUserRequest")
        }
    }

    @Test func `bytes that do not decode have no JSON`() {
        #expect(throws: WireError(.malformed, at: "user_id")) {
            try JSONTranscoder.encode([0x0A, 0xFF], as: "gatehouse.v1.GetUserRequest")
        }
    }

    @Test func `days of nine centuries have one text`() throws {
        for day in stride(from: Int64(-200_000), to: 140_000, by: 29) {
            let text = try #require(TimeText.text(timestamp: day * 86_400 + 1, 0))
            #expect(TimeText.timestamp(text).map(\.0) == day * 86_400 + 1)
        }
    }

    @Test func `a quote with a combining mark is escaped all the same`() throws {
        let bytes = GetUserRequest(userID: "\"\u{301}\u{7F}").encoded()
        #expect(
            try JSONTranscoder.encode(bytes, as: "gatehouse.v1.GetUserRequest")
                == "{\"userId\":\"\\\"\u{301}\\u007f\"}"
        )
    }
}
