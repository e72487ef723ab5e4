import JSON
import Mail
import Testing

@testable import TextGateway

@Suite struct GatewayBodyTests {
    private static let message = TextMessage(id: "m1", to: "+4915112345678", text: "123456 is your code")

    @Test func `values take the place of their names anywhere in the strings of a template`() throws {
        let template = #"{"messages":[{"to":["{to}"],"body":"{text} ({sender})"}],"id":"x-{id}","n":1,"flag":true}"#
        let body = try #require(GatewayBody(template))
        #expect(
            String(decoding: body.filled(Self.message, sender: "Shop"), as: UTF8.self)
                == #"{"messages":[{"to":["+4915112345678"],"body":"123456 is your code (Shop)"}],"id":"x-m1","n":1,"flag":true}"#
        )
    }

    /// SECURITY OTP-11.
    @Test(arguments: [
        "\",\"to\":\"+1900\"", "\"\u{301},\"x", "\\", "\u{0}\u{1F}\r\n", "{to}", "{sender}{text}{id}", "</script>",
        "\u{2028}",
    ])
    func `nothing in a name ends a string or names another value`(name: String) throws {
        let body = try #require(GatewayBody(GatewayBody.usual))
        let message = TextMessage(id: "1", to: "+4915112345678", text: "code for \(name)")
        let filled = try JSONParser.parse(body.filled(message, sender: name))
        #expect(
            filled
                == .object([
                    .init(name: "to", value: .string("+4915112345678")), .init(name: "from", value: .string(name)),
                    .init(name: "text", value: .string("code for \(name)")),
                ])
        )
    }

    @Test(arguments: [
        "", "{}", "to={to}&text={text}", #"{"to":"{to}"}"#, #"{"text":"{text}"}"#, #"{"{to}":"{text}"}"#,
        #"{"to":"{to}","text":"{text}""#, #"{"to":"{to}","to":"{text}"}"#,
    ])
    func `what names no receiver or no text is no template`(text: String) {
        #expect(GatewayBody(text) == nil)
    }
}
