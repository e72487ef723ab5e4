import Cryptography
import Foundation
import JSON
import OutboundHTTP
import Synchronization
import Testing

@testable import OpenIDConnect

/// A provider with a key of its own, which answers from a table.
final class ScriptedProvider: OutboundHTTP {
    let key: SigningKey
    let answers = Mutex<[String: Result<OutboundResponse, OutboundError>]>([:])
    let requests = Mutex<[OutboundRequest]>([])

    init(_ options: String = "-algorithm EC -pkeyopt ec_paramgen_curve:P-256") throws {
        key = try Self.key(options)
    }

    /// A new private key, made by OpenSSL's own command.
    static func key(_ options: String) throws -> SigningKey {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = ["genpkey"] + options.split(separator: " ").map(String.init)
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let pem = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return try SigningKey(pem: SecretBytes(copying: pem))
    }

    func admits(_ url: OutboundURL) -> Bool { url.isSecure }

    func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundResponse {
        requests.withLock { $0.append(request) }
        let answer = answers.withLock { $0[request.url.description] }
        return try (answer ?? .failure(OutboundError(.unreachable))).get()
    }

    func answer(_ url: String, _ text: String, status: Int = 200) {
        answers.withLock { $0[url] = .success(OutboundResponse(status: status, body: Array(text.utf8))) }
    }

    /// The key as a key set has it.
    func jwk(_ more: String = "\"kid\":\"k1\",\"use\":\"sig\",\"alg\":\"ES256\"") throws -> String {
        let (x, y) = try #require(key.verificationKey.coordinates)
        let numbers = "\"x\":\"\(Base64URL.encode(x))\",\"y\":\"\(Base64URL.encode(y))\""
        return "{\"kty\":\"EC\",\"crv\":\"P-256\",\(numbers),\(more)}"
    }

    func keySet() throws -> JSONWebKeySet { try JSONWebKeySet(document: Array("{\"keys\":[\(jwk())]}".utf8)) }

    /// A token signed with the key, of parts as they are given.
    func token(
        header: String = "{\"alg\":\"ES256\",\"kid\":\"k1\",\"typ\":\"JWT\"}",
        claims: String
    ) throws -> SecretBytes {
        let signed = Base64URL.encode(Array(header.utf8)) + "." + Base64URL.encode(Array(claims.utf8))
        let der = try key.signature(of: Array(signed.utf8), .es256)
        return SecretBytes(utf8: signed + "." + Base64URL.encode(try #require(Self.numbers(der))))
    }

    /// The two numbers of a DER signature, 32 bytes each.
    private static func numbers(_ der: [UInt8]) -> [UInt8]? {
        var (place, result): (Int, [UInt8]) = (2, [])
        for _ in 0..<2 {
            guard der.count > place + 1 else { return nil }
            let number = Array(der[(place + 2)..<(place + 2 + Int(der[place + 1]))].drop { $0 == 0 })
            result += [UInt8](repeating: 0, count: 32 - number.count) + number
            place += 2 + Int(der[place + 1])
        }
        return result
    }
}

/// The claims of a good token, which tests bend.
struct GoodClaims {
    static let now: Int64 = 1_800_000_000
    var members: [(String, String)] = [
        ("iss", "\"https://id.example\""), ("aud", "\"client\""), ("sub", "\"24400320\""),
        ("nonce", "\"n-0S6_WzA2Mj\""),
        ("exp", "1800000300"), ("iat", "1800000000"),
    ]

    /// Without a member, with another value of it, or with one more.
    func with(_ name: String, _ value: String?) -> GoodClaims {
        var claims = self
        if let index = claims.members.firstIndex(where: { $0.0 == name }) {
            if let value { claims.members[index].1 = value } else { claims.members.remove(at: index) }
        } else if let value {
            claims.members.append((name, value))
        }
        return claims
    }

    var text: String { "{" + members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}" }
}

extension ProviderSettings {
    /// The provider of the tests.
    static var example: ProviderSettings { ProviderSettings(issuer: "https://id.example", clientID: "client") }
}
