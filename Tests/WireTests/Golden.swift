import Cryptography
import Testing

@testable import Wire

/// Messages as Google's Python protobuf 4.25 writes them (deterministic), with its JSON.
struct Golden: Sendable, CustomTestStringConvertible {
    let name: String
    let type: any WireMessage.Type
    let hex: String
    let json: String

    var bytes: [UInt8] { Hex.decode(hex) ?? [] }
    var testDescription: String { name }

    static let all: [Golden] = [
        Golden(
            name: "user",
            type: GetUserResponse.self,
            hex: """
                0aad010a2430313866336335652d376231612d376333642d396532662d3031323334353637383961621001220b088092b8c398fefffff\
                f012a0d08ff82d1ffaf0710ff93ebdc0332096c65676163792d34323a1e0a02693110011a107a6fc3ab406578616d706c652e636f6d22\
                02080128013a100a02693210021a082b3433313233343540ffffffffffffffffff014a0c08a5ebdcca061088eadcc302521108fffffff\
                fffffffffff011080cab5ee01
                """,
            json: """
                {"user":{"id":"018f3c5e-7b1a-7c3d-9e2f-0123456789ab","state":"USER_STATE_ACTIVE",\
                "lockedUntil":"0001-01-01T00:00:00Z","deleteAfter":"9999-12-31T23:59:59.999999999Z",\
                "externalId":"legacy-42","identifiers":[{"id":"i1","kind":"IDENTIFIER_KIND_EMAIL",\
                "value":"zoë@example.com","verifyTime":"1970-01-01T00:00:01Z","primary":true},\
                {"id":"i2","kind":"IDENTIFIER_KIND_PHONE","value":"+4312345"}],\
                "revision":"18446744073709551615","createTime":"2026-01-02T03:04:05.678901Z",\
                "updateTime":"1969-12-31T23:59:59.500Z"}}
                """
        ),
        Golden(
            name: "oneof",
            type: FindUserRequest.self,
            hex: "12082b34333132333435",
            json: #"{"phone":"+4312345"}"#
        ),
        Golden(name: "empty oneof member", type: FindUserRequest.self, hex: "0a00", json: #"{"email":""}"#),
        Golden(
            name: "field mask",
            type: UpdateUserRequest.self,
            hex: "0a0175121b0a0b65787465726e616c5f69640a0c73746174655f726561736f6e1a01782007",
            json:
                #"{"userId":"u","updateMask":"externalId,stateReason","externalId":"x","expectedRevision":"7"}"#
        ),
        Golden(
            name: "negative duration",
            type: RetryAfter.self,
            hex: "0a1608ffffffffffffffffff011080b6ca91feffffffff01",
            json: #"{"delay":"-1.500s"}"#
        ),
        Golden(
            name: "longest duration",
            type: RetryAfter.self,
            hex: "0a070880bcaece9709",
            json: #"{"delay":"315576000000s"}"#
        ),
        Golden(
            name: "secrets",
            type: SubmitSignInCodeResponse.self,
            hex: "0a170a0c180222036f747022036d6661120500ff3e3f011801",
            json: """
                {"signedIn":{"session":{"assuranceLevel":"ASSURANCE_LEVEL_AAL2","authenticationMethods":["otp","mfa"]},\
                "sessionToken":"AP8+PwE=","newUser":true}}
                """
        ),
        Golden(
            name: "call",
            type: FrameEnvelope.self,
            hex: """
                0a4f08ac02122067617465686f7573652e76312e55736572536572766963652f4765745573657218ffffffff0f221d0a0d617574686f7\
                2697a6174696f6e120c426561726572206768745f782a030a0175
                """,
            json: """
                {"call":{"callId":"300","method":"gatehouse.v1.UserService/GetUser","timeoutMilliseconds":4294967295,\
                "metadata":[{"key":"authorization","value":"QmVhcmVyIGdodF94"}],"message":"CgF1"}}
                """
        ),
        Golden(
            name: "reply",
            type: FrameEnvelope.self,
            hex: """
                12410801123d080312026e6f1a350a1b67617465686f7573652e76312e4669656c6456696f6c6174696f6e12160a07757365725f69641\
                20b697320746f6f206c6f6e67
                """,
            json: """
                {"reply":{"callId":"1","status":{"code":3,"message":"no","details":[{"type":"gatehouse.v1.FieldViolation",\
                "value":"Cgd1c2VyX2lkEgtpcyB0b28gbG9uZw=="}]}}}
                """
        ),
        Golden(name: "end", type: FrameEnvelope.self, hex: "22020805", json: #"{"end":{"callId":"5"}}"#),
        Golden(name: "empty message in oneof", type: FrameEnvelope.self, hex: "3200", json: #"{"ping":{}}"#),
    ]
}
