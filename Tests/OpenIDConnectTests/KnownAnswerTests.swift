import Cryptography
import JSON
import Testing

@testable import OpenIDConnect

/// What the standards themselves show.
struct KnownAnswerTests {
    /// RFC 7636 appendix B.
    @Test
    func `a challenge is the verifier's SHA-256`() {
        let pkce = PKCE(verifier: SecretBytes(utf8: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"))
        #expect(pkce.challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    }

    @Test
    func `a verifier has 256 random bits in 43 characters, another one each time`() {
        let (first, second) = (PKCE(random: SystemRandom()), PKCE(random: SystemRandom()))
        #expect(first.verifier.count == 43 && !first.verifier.isEqual(to: second.verifier))
    }

    private func isSigned(_ token: String, by key: String) throws -> Bool {
        let keys = try JSONWebKeySet(document: Array("{\"keys\":[\(key)]}".utf8))
        var settings = ProviderSettings.example
        settings.algorithms = JWTAlgorithm.allCases
        let expectation = IDTokenExpectation(
            settings: settings,
            nonce: "",
            begunAt: 0,
            now: 0,
            code: SecretBytes(utf8: ""),
            accessToken: nil
        )
        do {
            try IDTokenRules.check(JSONWebToken(SecretBytes(utf8: token)), keys: keys.keys, expectation)
            return true
        } catch {
            // The examples are no ID tokens: the claims are looked at after the signature.
            return error.code == .issuerWrong
        }
    }

    private static let payload =
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"

    /// RFC 7515 appendix A.2.
    @Test
    func `the RS256 example verifies, and no other text does`() throws {
        let key = """
            {"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4Q\
            lL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7W\
            TBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDT\
            W9gb54h4FRWyuXpoQ","e":"AQAB"}
            """
        let signature = """
            cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t\
            1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12j\
            zDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQ\
            Ge77Rw
            """
        #expect(try isSigned("eyJhbGciOiJSUzI1NiJ9.\(Self.payload).\(signature)", by: key))
        #expect(!(try isSigned("eyJhbGciOiJSUzI1NiJ9.\(Self.payload.dropLast(2))0.\(signature)", by: key)))
    }

    /// RFC 7515 appendix A.3.
    @Test
    func `the ES256 example verifies`() throws {
        let key = """
            {"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",\
            "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}
            """
        let signature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
        #expect(try isSigned("eyJhbGciOiJFUzI1NiJ9.\(Self.payload).\(signature)", by: key))
        #expect(!(try isSigned("eyJhbGciOiJFUzI1NiJ9.\(Self.payload).\(signature.dropLast())", by: key)))
    }

    /// RFC 7515 appendix A.5.
    @Test
    func `a token without a signature is refused`() {
        #expect(throws: OpenIDError.self) {
            try JSONWebToken(SecretBytes(utf8: "eyJhbGciOiJub25lIn0.\(Self.payload)."))
        }
    }

    /// RFC 7515 appendix A.1: its header has a line break in it.
    @Test
    func `a token with a shared secret is refused`() {
        let token =
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.\(Self.payload).dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        #expect(throws: OpenIDError(.algorithmRefused)) { try JSONWebToken(SecretBytes(utf8: token)) }
    }

    /// RFC 7515 appendix A.4; its payload is no JSON.
    @Test
    func `the ES512 example verifies`() throws {
        let x = "AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk"
        let y = "ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2"
        let signature = """
            AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZC\
            PEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn
            """
        let key = try VerificationKey(
            curve: .p521,
            x: #require(Base64URL.decode(x)),
            y: #require(Base64URL.decode(y))
        )
        let numbers = try #require(Base64URL.decode(signature))
        let der = try #require(ECDSASignature.der(numbers, coordinateCount: 66))
        #expect(key.isValid(signature: der, of: Array("eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA".utf8), .es512))
        #expect(ECDSASignature.numbers(ofDER: der, coordinateCount: 66) == numbers)
    }

    /// RFC 8037 appendix A.4; its payload is no JSON.
    @Test
    func `the Ed25519 key of the standard is read, and its example verifies`() throws {
        let key = "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}"
        let set = try JSONWebKeySet(document: Array("{\"keys\":[\(key)]}".utf8))
        #expect(set.keys.count == 1)
        let point = try #require(Base64URL.decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"))
        let signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
        #expect(
            try VerificationKey(edwards: .ed25519, publicKey: point).isValid(
                signature: #require(Base64URL.decode(signature)),
                of: Array("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc".utf8),
                .ed25519
            )
        )
    }
}
