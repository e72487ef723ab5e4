import Cryptography
import Foundation
import Testing

struct SelfSignedCertificateTests {
    private func openssl(_ arguments: [String], input: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = arguments
        let (incoming, outgoing) = (Pipe(), Pipe())
        process.standardInput = incoming
        process.standardOutput = outgoing
        process.standardError = outgoing
        try process.run()
        incoming.fileHandleForWriting.write(Data(input.utf8))
        try incoming.fileHandleForWriting.close()
        let output = outgoing.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: output, as: UTF8.self)
    }

    @Test func `OpenSSL's own command reads the names, the use and the validity`() throws {
        let made = try SelfSignedCertificate.make(
            commonName: "Gatehouse development",
            dnsNames: ["localhost", "door.test"],
            ipAddresses: ["127.0.0.1", "::1"],
            validForDays: 30,
            now: 1_800_000_000,
            random: SystemRandom()
        )
        let text = try openssl(["x509", "-noout", "-text"], input: made.certificatePEM)
        for part in [
            "Version: 3", "CN = Gatehouse development", "DNS:localhost, DNS:door.test, IP Address:127.0.0.1",
            "TLS Web Server Authentication", "CA:FALSE", "ecdsa-with-SHA256", "Not Before: Jan 15 07:00:00 2027",
            "Not After : Feb 14 08:00:00 2027",
        ] {
            #expect(text.contains(part), "\(part) is missing in \(text)")
        }
        let key = made.privateKeyPEM.validatedUTF8String() ?? ""
        let publicKey = try openssl(["pkey", "-pubout"], input: key)
        #expect(try openssl(["x509", "-noout", "-pubkey"], input: made.certificatePEM) == publicKey)
    }

    @Test func `A name that is none is refused`() {
        #expect(throws: CryptographyError.self) {
            try SelfSignedCertificate.make(
                commonName: "x",
                dnsNames: [],
                ipAddresses: ["not an address"],
                validForDays: 1,
                now: 1_800_000_000,
                random: SystemRandom()
            )
        }
    }
}
