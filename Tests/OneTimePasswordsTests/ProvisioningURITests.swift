import Cryptography
import Foundation
import OneTimePasswords
import Testing

struct ProvisioningURITests {
    /// RFC 4648 section 10, without padding.
    @Test(arguments: [
        ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"),
        ("foobar", "MZXW6YTBOI"),
    ])
    func `Base 32 is the standard's`(plain: String, encoded: String) {
        #expect(Base32.encode(SecretBytes(utf8: plain)).validatedUTF8String() == encoded)
    }

    /// SECURITY TOTP-08.
    @Test(arguments: [
        ("Gatehouse", "a@example.com"), ("A:B & C?", "x:y&secret=evil#1"), ("\"\u{301}<", "a\r\nb%41"),
        ("\u{1F3E0}", "b\u{FC}cher"),
    ])
    func `names stay in their place, whatever they hold`(issuer: String, account: String) throws {
        let uri = ProvisioningURI.make(
            issuer: issuer,
            account: account,
            key: SecretBytes(utf8: "12345678901234567890"),
            parameters: .standard
        )
        let text = try #require(uri.validatedUTF8String())
        #expect(text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
        let parts = try #require(URLComponents(string: text))
        #expect(parts.scheme == "otpauth" && parts.host == "totp" && parts.fragment == nil)
        #expect(
            parts.percentEncodedPath.split(separator: ":").map { $0.removingPercentEncoding } == [
                "/" + issuer, account,
            ]
        )
        let values = Dictionary(uniqueKeysWithValues: (parts.queryItems ?? []).map { ($0.name, $0.value ?? "") })
        #expect(
            values == [
                "secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "issuer": issuer, "algorithm": "SHA1", "digits": "6",
                "period": "30",
            ]
        )
    }
}
