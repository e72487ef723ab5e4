import Testing

extension Browser {
    static let session = "__Host-gatehouse-session"
    static let flow = "__Host-gatehouse-flow"
    static let secret = "__Host-gatehouse-browser"
    static let device = "__Host-gatehouse-device"

    /// Opens the sign-in page and names an address; the answer to the form.
    func nameAddress(_ address: String) async throws -> Page {
        let page = try await get("/sign-in")
        return try await post(
            "/sign-in",
            [("form_token", page.field("form_token")), ("identifier", address), ("return_to", "")]
        )
    }

    /// Types a code on the code page; the answer to the form.
    func typeCode(_ code: String) async throws -> Page {
        let page = try await get("/sign-in/code")
        return try await post("/sign-in/code", [("form_token", page.field("form_token")), ("code", code)])
    }

    /// Signs in from nothing to the account home.
    @discardableResult
    func signIn(_ address: String) async throws -> Page {
        #expect(try await nameAddress(address).location == "/sign-in/code")
        let answer = try await typeCode(try await site.code(to: address))
        #expect(answer.location == "/account")
        return try await get("/account")
    }
}
