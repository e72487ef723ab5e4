import Cryptography
import Foundation
import Testing

@testable import Website

/// The site with a certificate of its own.
struct TLSTests {
    /// What the openssl command, which checks chain and name, got for a request.
    private static func ask(_ site: SiteWorld, authority: String, _ options: [String] = []) async throws -> String {
        let request = "GET /sign-in HTTP/1.1\r\nHost: localhost:\(site.port)\r\nConnection: close\r\n\r\n"
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            [
                "openssl", "s_client", "-quiet", "-verify_quiet", "-verify_return_error", "-CAfile", authority,
                "-verify_hostname", "localhost", "-connect", "127.0.0.1:\(site.port)",
            ] + options
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        return await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                try? input.fileHandleForWriting.write(contentsOf: Data(request.utf8))
                let answer = output.fileHandleForReading.readDataToEndOfFile()
                process.waitUntilExit()
                continuation.resume(returning: String(decoding: answer, as: UTF8.self))
            }
        }
    }

    @Test
    func `Over TLS the site says all its headers, and plain text or an old version gets no page`() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "gatehouse-site-tls-\(UUID())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let certificate = try SelfSignedCertificate.make(
            commonName: "localhost",
            dnsNames: ["localhost"],
            ipAddresses: [],
            validForDays: 1,
            now: Int64(Date().timeIntervalSince1970),
            random: SystemRandom()
        )
        let (chain, key) = (directory.path + "/chain.pem", directory.path + "/key.pem")
        try certificate.certificatePEM.write(toFile: chain, atomically: true, encoding: .utf8)
        try certificate.privateKeyPEM.withBytes { Data($0) }.write(to: URL(filePath: key))
        try await withSite(configuration: {
            $0.publicURL = "https://localhost:0"
            ($0.certificateFile, $0.privateKeyFile) = (chain, key)
        }) { site in
            let page = try Browser.parse(try await Self.ask(site, authority: chain))
            #expect(page.status == 200)
            #expect(page.all("strict-transport-security") == ["max-age=63072000; includeSubDomains"])
            #expect(page["content-security-policy"]?.contains("default-src 'none'") == true)
            #expect(page["set-cookie"]?.contains("; Secure; HttpOnly") == true)
            // Level 0 lets the command offer what it would not by itself.
            for (version, isTaken) in [("-tls1_1", false), ("-tls1_2", true), ("-tls1_3", true)] {
                let answer = try await Self.ask(site, authority: chain, [version, "-cipher", "ALL@SECLEVEL=0"])
                #expect(answer.isEmpty != isTaken, "\(version)")
            }
            let plain = "GET /sign-in HTTP/1.1\r\nHost: localhost:\(site.port)\r\nConnection: close\r\n\r\n"
            let reply = try await RawHTTP(port: site.port).exchange(plain)
            #expect(!reply.text.contains("HTTP/1.1 "))
        }
    }
}
