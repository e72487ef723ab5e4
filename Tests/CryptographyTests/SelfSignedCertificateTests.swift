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

    @Test(arguments: [
        ([], ["not an address"]), ([], ["1.2.3.4.5"]), (["a,IP:10.0.0.1"], []), (["a\0b"], []), (["a\nb"], []),
        ([], []),
        ([""], []), (["b\u{FC}cher.test"], []), ([], ["127.0.0.1,dirName:x"]),
    ])
    func `A name that is none, or hides another, is refused`(dnsNames: [String], ipAddresses: [String]) {
        let error = #expect(throws: CryptographyError.self) {
            try make(dnsNames: dnsNames, ipAddresses: ipAddresses)
        }
        #expect(error?.code == .malformed)
    }

    @Test(arguments: [0, -1, 3651, Int.max]) func `A validity of no sense is refused`(days: Int) {
        #expect(throws: CryptographyError.self) { try make(dnsNames: ["localhost"], days: days) }
    }

    @Test(arguments: ["", "a\0b", String(repeating: "x", count: 65)])
    func `A common name that a certificate cannot carry is refused`(commonName: String) {
        #expect(throws: CryptographyError.self) { try make(commonName: commonName, dnsNames: ["localhost"]) }
    }

    private func make(
        commonName: String = "x",
        dnsNames: [String],
        ipAddresses: [String] = [],
        days: Int = 1
    ) throws -> SelfSignedCertificate {
        try SelfSignedCertificate.make(
            commonName: commonName,
            dnsNames: dnsNames,
            ipAddresses: ipAddresses,
            validForDays: days,
            now: 1_800_000_000,
            random: SystemRandom()
        )
    }
}
