import Cryptography

/// Tokens that say where a page begins: readable by anyone, made by us only (SECURITY RPC-17).
///
/// Bound to the list, its filter and the caller; a token from elsewhere or an altered one is an invalid `page_token`.
package struct PageTokens: Sendable {
    let keyRing: KeyRing

    /// The token of the page after the item at `position`.
    package func make(list: StaticString, filter: [UInt8] = [], caller: CallContext, position: [UInt8]) -> String {
        let code = keyRing.authenticationCode(for: covered(list, filter, caller, position), purpose: .pageToken)
        let keyID = (0..<4).reversed().map { UInt8(truncatingIfNeeded: code.keyID >> (8 * UInt32($0))) }
        return Base64URL.encode(keyID + code.bytes + position)
    }

    /// Where the page of a token begins; nil for the first page, whose token is empty.
    package func read(
        _ token: String,
        list: StaticString,
        filter: [UInt8] = [],
        caller: CallContext
    ) throws(FlowError) -> [UInt8]? {
        guard !token.isEmpty else { return nil }
        guard token.utf8.count <= 2048, let bytes = Base64URL.decode(token), bytes.count >= 36 else {
            throw Self.refusal
        }
        let keyID = bytes.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let code = AuthenticationCode(keyID: keyID, bytes: Array(bytes[4..<36]))
        let position = Array(bytes[36...])
        guard keyRing.isValid(code, for: covered(list, filter, caller, position), purpose: .pageToken) else {
            throw Self.refusal
        }
        return position
    }

    private func covered(_ list: StaticString, _ filter: [UInt8], _ caller: CallContext, _ position: [UInt8]) -> [UInt8]
    {
        [Array("\(list)".utf8), filter, caller.callerKey, position].flatMap { LengthPrefix.of($0) + $0 }
    }

    static let refusal = FlowError.invalid(
        "page_token",
        .pageTokenInvalid,
        "page_token is not one that this list gave to this caller for this filter"
    )
}

extension PageTokens {
    /// The id after which a page begins.
    func position<Kind>(
        _ request: PageRequest,
        list: StaticString,
        filter: [UInt8] = [],
        caller: CallContext,
        as: ID<Kind>.Type = ID<Kind>.self
    ) throws(FlowError) -> ID<Kind>? {
        guard let bytes = try read(request.token, list: list, filter: filter, caller: caller) else { return nil }
        guard let id = ID<Kind>(bytes: bytes) else { throw Self.refusal }
        return id
    }

    /// Cuts what was read with one item too many into a page.
    func page<Item>(
        of items: [Item],
        limit: Int,
        list: StaticString,
        filter: [UInt8] = [],
        caller: CallContext,
        position: (Item) -> [UInt8]
    ) -> Page<Item> {
        guard items.count > limit, limit > 0 else { return Page(items: items, nextPageToken: nil) }
        let token = make(list: list, filter: filter, caller: caller, position: position(items[limit - 1]))
        return Page(items: Array(items.prefix(limit)), nextPageToken: token)
    }
}
