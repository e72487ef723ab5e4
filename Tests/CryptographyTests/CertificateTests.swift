import Cryptography
import Foundation
import Testing

struct CertificateTests {
    private static let now = Int64(Date().timeIntervalSince1970)
    private static let year: Int64 = 31_536_000

    private static let canSign = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign"

    @Test func `what a certificate says is read`() throws {
        let authority = try CertificateAuthority()
        let root = try authority.root("root")
        let leaf = try authority.issue(
            "leaf",
            by: "root",
            subject: "/C=SE/O=A, B & Co/OU=Authenticator Attestation/CN=M\u{E9}tier",
            extensions: """
                basicConstraints=critical,CA:FALSE
                extendedKeyUsage=2.23.133.8.3
                subjectAltName=critical,dirName:tpm
                1.3.6.1.4.1.45724.1.1.4=DER:0410000102030405060708090a0b0c0d0e0f
                [tpm]
                # A name begins behind its first dot.
                0.2.23.133.2.1=id:414D4400
                1.2.23.133.2.3=id:13
                """
        )
        #expect(root.isAuthority && root.version == 3 && !leaf.isAuthority && leaf.hasBasicConstraints)
        #expect(leaf.subjectValues("2.5.4.6") == ["SE"])
        #expect(leaf.subjectValues("2.5.4.10") == ["A, B & Co"])
        #expect(leaf.subjectValues("2.5.4.11") == ["Authenticator Attestation"])
        #expect(leaf.subjectValues("2.5.4.3").count == 1 && leaf.subjectValues("1.2.3").isEmpty && !leaf.isSubjectEmpty)
        #expect(leaf.extendedKeyUsages == ["2.23.133.8.3"])
        #expect(leaf.isCriticalAlternativeName)
        let attributes = leaf.alternativeDirectoryAttributes
        #expect(attributes.map(\.objectIdentifier) == ["2.23.133.2.1", "2.23.133.2.3"])
        #expect(attributes.map(\.value) == ["id:414D4400", "id:13"])
        let model = try #require(leaf.extensionValue("1.3.6.1.4.1.45724.1.1.4"))
        #expect(model.value == [4, 16] + (0..<16).map { UInt8($0) } && !model.isCritical)
        #expect(leaf.publicKey?.kind == .ellipticCurve(.p256))
        #expect(abs(leaf.validity.upperBound - Self.now - Self.year) < 3600)
        #expect(leaf.validity.upperBound - leaf.validity.lowerBound == Self.year)
    }

    @Test func `a path leads over authorities to an anchor`() throws {
        let authority = try CertificateAuthority()
        let root = try authority.root("root")
        let middle = try authority.issue("middle", by: "root", extensions: Self.canSign)
        let leaf = try authority.issue("leaf", by: "middle")
        let stranger = try authority.root("stranger")
        func isTrusted(_ others: [Certificate], _ anchors: [Certificate], at time: Int64 = Self.now + 60) -> Bool {
            CertificatePath.verify(leaf: leaf, intermediates: others, anchors: anchors, at: time)
        }
        #expect(isTrusted([middle], [root]))
        #expect(isTrusted([root, stranger, middle], [stranger, root]))
        // An anchor need not be a root, and may be the certificate itself.
        #expect(isTrusted([], [middle]) && isTrusted([], [leaf]))
        #expect(!isTrusted([], [root]) && !isTrusted([middle], []) && !isTrusted([middle], [stranger]))
        // What comes with the leaf is not trusted by coming with it.
        #expect(!isTrusted([middle, root], [stranger]))
        #expect(!isTrusted([middle], [root], at: Self.now + 2 * Self.year))
        #expect(!isTrusted([middle], [root], at: Self.now - Self.year))
        #expect(!isTrusted([UInt8](0..<99).map { _ in middle }, [root]))
    }

    @Test func `who may not sign certificates has signed none`() throws {
        let authority = try CertificateAuthority()
        let root = try authority.root("root")
        let leaf = try authority.issue("leaf", by: "root")
        let below = try authority.issue("below", by: "leaf")
        #expect(!CertificatePath.verify(leaf: below, intermediates: [leaf], anchors: [root], at: Self.now + 60))
        let silent = try authority.issue(
            "silent",
            by: "root",
            extensions: "basicConstraints=CA:TRUE\nkeyUsage=digitalSignature"
        )
        let second = try authority.issue("second", by: "silent")
        #expect(!CertificatePath.verify(leaf: second, intermediates: [silent], anchors: [root], at: Self.now + 60))
    }

    @Test func `weak signatures and keys lead nowhere`() throws {
        let authority = try CertificateAuthority()
        let root = try authority.root("root")
        let weak = try authority.issue("weak", by: "root", digest: "sha1")
        #expect(!CertificatePath.verify(leaf: weak, intermediates: [], anchors: [root], at: Self.now + 60))
        for key in [
            "RSA -pkeyopt rsa_keygen_bits:1024", "EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit",
        ] {
            let leaf = try authority.issue("leaf", by: "root", key: key)
            #expect(leaf.publicKey == nil)
            #expect(!CertificatePath.verify(leaf: leaf, intermediates: [], anchors: [root], at: Self.now + 60))
            #expect(!CertificatePath.verify(leaf: leaf, intermediates: [], anchors: [leaf], at: Self.now + 60))
        }
    }

    @Test func `bent, cut, long and foreign bytes are refused and trap nothing`() throws {
        let authority = try CertificateAuthority()
        _ = try authority.root("root")
        let der = try authority.issue("leaf", by: "root").der
        for bent in [
            [], [0x30], der + [0], Array(der.dropLast()), [0x30, 0x80] + der,
            der + [UInt8](repeating: 0, count: 17_000),
        ] {
            #expect(throws: CryptographyError.self) { try Certificate(der: bent) }
        }
        for place in der.indices {
            for change in [0x01, 0x80, 0xFF] as [UInt8] {
                var bent = der
                bent[place] ^= change
                guard let read = try? Certificate(der: bent) else { continue }
                // What can still be read is walked through once.
                _ = (read.isAuthority, read.extendedKeyUsages, read.alternativeDirectoryAttributes.count)
                #expect(
                    !CertificatePath.verify(
                        leaf: read,
                        intermediates: [],
                        anchors: [try authority.certificate("root")],
                        at: Self.now + 60
                    ) || bent == der
                )
            }
        }
        // An object identifier of 10 KB.
        let long = [0x06, 0x82, 0x27, 0x10] + [UInt8](repeating: 0x81, count: 9999) + [1]
        #expect(throws: CryptographyError.self) {
            var reader = DERReader(long)
            _ = try reader.objectIdentifier()
        }
    }

    @Test(arguments: [
        "", "-----BEGIN CERTIFICATE-----", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
        "-----END CERTIFICATE-----", "-----BEGIN CERTIFICATE-----\n*\n-----END CERTIFICATE-----",
    ])
    func `a PEM text without a certificate is refused`(text: String) {
        #expect(throws: CryptographyError.self) { try Certificate.pem(text) }
    }
}
