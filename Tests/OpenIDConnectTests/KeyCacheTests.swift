import Cryptography
import Testing

@testable import OpenIDConnect

/// SECURITY OI-08.
struct KeyCacheTests {
    private let provider: ScriptedProvider
    private let token: JSONWebToken

    init() throws {
        provider = try ScriptedProvider()
        token = try JSONWebToken(provider.token(claims: "{}"))
    }

    private func token(kid: String) throws -> JSONWebToken {
        try JSONWebToken(provider.token(header: "{\"alg\":\"ES256\",\"kid\":\"\(kid)\"}", claims: "{}"))
    }

    private func isUse(_ plan: KeyCache.Plan) -> Bool {
        if case .use = plan { true } else { false }
    }

    @Test
    func `keys are asked for once, and again when they are old`() throws {
        var cache = KeyCache()
        #expect(cache.plan(for: token, at: 1000) == .fetch)
        cache.take(try provider.keySet(), at: 1000)
        #expect(isUse(cache.plan(for: token, at: 1000)))
        #expect(isUse(cache.plan(for: token, at: 4599)))
        #expect(cache.plan(for: token, at: 4600) == .fetch)
    }

    @Test
    func `a thousand invented key identifiers ask the provider once in an interval`() throws {
        var cache = KeyCache()
        cache.take(try provider.keySet(), at: 1000)
        var fetches = 0
        for number in 0..<1000 {
            let time = 1000 + Int64(number) / 10
            guard cache.plan(for: try token(kid: "x\(number)"), at: time) == .fetch else { continue }
            fetches += 1
            cache.take(try provider.keySet(), at: time)
        }
        #expect(fetches == 1)
        #expect(cache.plan(for: try token(kid: "x"), at: 1100) == .unknown)
    }

    @Test
    func `a new key is found by one look, and the old one stays good for a while`() throws {
        let other = try ScriptedProvider()
        let rotated = try JSONWebKeySet(document: Array("{\"keys\":[\(other.jwk("\"kid\":\"k2\""))]}".utf8))
        var cache = KeyCache()
        cache.take(try provider.keySet(), at: 1000)
        let new = try JSONWebToken(other.token(header: "{\"alg\":\"ES256\",\"kid\":\"k2\"}", claims: "{}"))
        #expect(cache.plan(for: new, at: 1060) == .fetch)
        cache.take(rotated, at: 1060)
        #expect(isUse(cache.plan(for: new, at: 1060)) && isUse(cache.plan(for: token, at: 1359)))
        #expect(cache.plan(for: token, at: 1360) == .fetch)
        cache.take(rotated, at: 1360)
        #expect(cache.plan(for: token, at: 1361) == .unknown)
    }

    @Test
    func `an outage neither opens the gate nor closes it at once`() throws {
        var cache = KeyCache()
        cache.fail(at: 1000)
        #expect(cache.plan(for: token, at: 1001) == .unavailable)
        #expect(cache.plan(for: token, at: 1060) == .fetch)
        cache.take(try provider.keySet(), at: 1060)
        cache.fail(at: 5000)
        #expect(isUse(cache.plan(for: token, at: 5001)))
        cache.fail(at: 1060 + 21_600)
        #expect(cache.plan(for: token, at: 1060 + 21_601) == .unavailable)
    }

    @Test
    func `a clock that is set back does not make keys fresh for ever`() throws {
        var cache = KeyCache()
        cache.take(try provider.keySet(), at: 100_000)
        #expect(cache.plan(for: token, at: 5) == .fetch)
    }

    @Test
    func `keys of another use, kind or curve are left out`() throws {
        let point = try ScriptedProvider().jwk
        let off =
            "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"\(Base64URL.encode([UInt8](repeating: 1, count: 32)))\","
            + "\"y\":\"\(Base64URL.encode([UInt8](repeating: 2, count: 32)))\"}"
        for key in [
            try point("\"use\":\"enc\""), try point("\"key_ops\":[\"sign\"]"), try point("\"kid\":1"), off,
            "{\"kty\":\"oct\",\"k\":\"AAAA\"}", "{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}", "1", "{}",
        ] {
            #expect(throws: OpenIDError(.keysMalformed), "\(key)") {
                try JSONWebKeySet(document: Array("{\"keys\":[\(key)]}".utf8))
            }
        }
        let many = Array(repeating: try point("\"kid\":\"k\""), count: 65).joined(separator: ",")
        for text in ["{}", "[]", "{\"keys\":{}}", "{\"keys\":[]}", "{\"keys\":[\(many)]}"] {
            #expect(throws: OpenIDError(.keysMalformed)) { try JSONWebKeySet(document: Array(text.utf8)) }
        }
    }
}
