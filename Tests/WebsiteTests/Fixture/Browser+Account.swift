import Cryptography
import MariaDB
import OneTimePasswords
import Testing

@testable import Identity

extension Browser {
    /// Sends a form that stands on a page, with the fields that are hidden in it and some more.
    @discardableResult
    func send(_ fields: [(String, String)] = [], from page: String, to path: String? = nil) async throws -> Page {
        let shown = try await get(page)
        let target = path ?? String(page.prefix { $0 != "?" })
        let form = try #require(shown.form(target), "no form to \(target) in \(shown.body)")
        let typed = Set(fields.map(\.0))
        return try await post(target, form.filter { !typed.contains($0.0) } + fields)
    }

    /// Proves anew who is signed in: by an app, after a code where that is asked for too.
    func confirm(_ address: String, app secret: SecretBytes) async throws {
        _ = try await send(from: "/account/confirm")
        if try await get("/sign-in/code").status == 200 { _ = try await typeCode(try await site.code(to: address)) }
        let code = try site.appCode(of: secret)
        #expect(try await send([("code", code)], from: "/sign-in/app").location == "/account")
    }

    /// Sets an authenticator app up, and returns its secret.
    func setUpApp(_ name: String = "Phone") async throws -> SecretBytes {
        #expect(try await send([("name", name)], from: "/account/apps/add").location == "/account/apps/set-up")
        let secret = try await appSecret()
        let code = try site.appCode(of: secret)
        #expect(try await send([("code", code)], from: "/account/apps/set-up").location == "/account/apps")
        return secret
    }

    /// The key that the page shows, as the bytes that it stands for.
    func appSecret() async throws -> SecretBytes {
        let page = try await get("/account/apps/set-up")
        let key = try #require(page.body.firstMatch(of: #/<code class="key">([A-Z2-7 ]+)</code>/#)).1
        return SecretBytes(copying: Self.base32(key.filter { $0 != " " }))
    }

    private static func base32(_ text: String) -> [UInt8] {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
        var (bits, value, bytes) = (0, 0, [UInt8]())
        for letter in text.utf8 {
            value = (value << 5 | (letters.firstIndex(of: letter) ?? 0)) & 0xFFFF
            bits += 5
            guard bits >= 8 else { continue }
            bits -= 8
            bytes.append(UInt8(truncatingIfNeeded: value >> bits))
        }
        return bytes
    }
}

extension Browser.Page {
    /// The fields of the form that is sent to an address: those that are hidden, and what is written into others.
    func form(_ path: String) -> [(String, String)]? {
        guard let start = body.firstRange(of: "action=\"\(path)\"")?.upperBound else { return nil }
        let form = body[start...].prefix(upTo: body[start...].firstRange(of: "</form>")?.lowerBound ?? body.endIndex)
        return form.matches(of: #/<input[^>]* name="([^"]+)"[^>]*? value="([^"]*)"/#).map {
            (String($0.1), String($0.2))
        }
    }
}

extension SiteWorld {
    /// What an app with a secret shows now.
    func appCode(of secret: SecretBytes) throws -> String {
        let totp = TOTP(key: SecretBytes(copying: secret.withBytes { Array($0) }), parameters: .standard)
        let step = totp.step(at: clock.now().microsecondsSinceEpoch / 1_000_000)
        return String(decoding: totp.password(step: step), as: UTF8.self)
    }
}
