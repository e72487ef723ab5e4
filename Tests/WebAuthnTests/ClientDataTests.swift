import Testing
import WebAuthn

/// RFC 8259 as client data use it: every spelling of a text means what it should, and nothing else is one.
struct ClientDataTests {
    private func origin(_ text: String) throws(ClientDataError) -> [UInt8] {
        try ClientData(Array("{\"type\":\"\",\"challenge\":\"\",\"origin\":\"\(text)\"}".utf8)).origin
    }

    private func isRead(_ value: String) -> Bool {
        (try? ClientData(Array("{\"type\":\"\",\"challenge\":\"\",\"origin\":\"\",\"x\":\(value)}".utf8))) != nil
    }

    @Test(arguments: [
        ("https:\\/\\/a", "https://a"), ("\\u0068ttps", "https"), ("\\u00e9\\u00E9", "éé"), ("\\u20AC", "€"),
        ("\\ud83d\\ude00", "😀"), ("\\uD83D\\uDE00", "😀"), ("\\ud800\\udc00", "\u{10000}"),
        ("\\udbff\\udfff", "\u{10FFFF}"), ("\\ud801\\udc37x", "𐐷x"), ("\\uffff", "\u{FFFF}"),
        ("\\u0000", "\0"), ("\\\"\\\\\\b\\f\\n\\r\\t", "\"\\\u{8}\u{C}\n\r\t"), ("é€😀", "é€😀"),
        ("\\\\u0041", "\\u0041"), ("\\ud7ff\\ue000", "\u{D7FF}\u{E000}"), ("", ""), ("\u{7F}", "\u{7F}"),
    ])
    func `every escape means its letter`(spelling: String, text: String) throws {
        #expect(try origin(spelling) == Array(text.utf8))
    }

    @Test(arguments: [
        "\\ud800", "\\udc00", "\\udc00\\ud800", "\\ud800\\ud800", "\\ud800\\u0041", "\\ud800x", "\\ud800\\n",
        "\\udbff\\ue000", "\\u12g4", "\\u123", "\\u", "\\U0041", "\\x41", "\\'", "\\", "\n", "\u{1F}", "\t",
        "\\u+041", "\\u 041",
    ])
    func `what is no escape is refused`(spelling: String) {
        #expect(throws: ClientDataError.malformed) { try origin(spelling) }
    }

    @Test func `numbers, lists and objects are read over when they are such`() {
        for value in [
            "0", "-0", "1", "-12.50", "1e5", "1E+5", "1.5e-5", "[]", "[1,\"a\",true,false,null,{}]", "{\"x\":[]}",
            " [ 1 , 2 ] ", "{\"x\":{\"x\":1}}",
        ] {
            #expect(isRead(value), "\(value)")
        }
        for value in [
            "01", "1.", ".5", "+1", "1e", "-", "0x1", "NaN", "Infinity", "[1,]", "[,1]", "[1 2]", "{\"x\":1,}", "{x:1}",
            "{\"x\" 1}", "tru", "True", "nul", "", "'x'", "[", "{", "]", "{\"x\":1,\"x\":1}",
        ] {
            #expect(!isRead(value), "\(value)")
        }
    }

    @Test func `members have the standard's types and come once in any spelling`() {
        func error(_ more: String) -> ClientDataError? {
            do throws(ClientDataError) {
                _ = try ClientData(Array("{\"type\":\"\",\"challenge\":\"\",\"origin\":\"\"\(more)}".utf8))
                return nil
            } catch {
                return error
            }
        }
        for value in ["1", "null", "[]", "[true]", "{}", "\"\""] {
            #expect(error(",\"crossOrigin\":\(value)") == .wrongMemberType)
        }
        for value in ["1", "null", "[]", "[\"https://a\"]", "{}", "true"] {
            #expect(error(",\"topOrigin\":\(value)") == .wrongMemberType)
        }
        #expect(error(",\"t\\u0079pe\":\"\"") == .duplicateMember)
        #expect(error(",\"Type\":\"\",\"x\":[[[[[[1]]]]]]") == nil)
        #expect(error(",\"x\":[[[[[[[[1]]]]]]]]") == .tooDeep)
    }
}
